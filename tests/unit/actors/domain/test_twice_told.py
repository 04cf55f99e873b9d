"""The hour that a server tells twice in autumn: each deal at the instant that it can have had."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from actors.domain.deals import Deal
from actors.domain.server_clock import ServerClock
from actors.domain.state import Reading
from tests.fakes.kept_life import KeptLife
from tests.unit.actors.domain.histories import (
    DAILY,
    closed,
    deal,
    life_of,
    opened,
    plan_of,
    reading,
    rule,
    seen,
)

ATHENS = ServerClock.parse("Europe/Athens")
TURNED = datetime(2026, 10, 25, 1, tzinfo=UTC)
"""04:00 becomes 03:00 in Athens."""

BARE = rule("stop", "stop_loss_within", seconds="300", severity='"soft"')
HOUR = timedelta(hours=1)


def after(minutes: float) -> datetime:
    """So many minutes after the clock was turned back."""
    return TURNED + timedelta(minutes=minutes)


def stamped(one: Deal) -> Deal:
    """The deal as a bridge reads it: its wall time, and the first instant that this can mean."""
    wall = ATHENS.to_broker_msc(one.occurred_at)
    return evolve(one, broker_msc=wall, occurred_at=ATHENS.to_utc(wall))


def watched() -> KeptLife:
    """An account on an Athens server with a deposit of the day before."""
    kept = KeptLife(evolve(life_of(plan_of(DAILY + BARE)), server_clock=ATHENS), after(-900))
    kept.told(reading(seen(after(-890), 10_000_000), [DEPOSIT]))
    return kept


def shown(minutes: float, deals: list[Deal]) -> Reading:
    """A reading with position 7 open since its first deal, as the terminal stamps it."""
    observation = seen(after(minutes), 10_000_000, {7: 0})
    first = next(one for one in deals if one.position_id == 7)
    (position,) = observation.positions
    old = evolve(position, opened_broker_msc=first.broker_msc, opened_at=first.occurred_at)
    return reading(evolve(observation, positions=(old,)), deals)


DEPOSIT = stamped(deal(1, after(-900), 10_000_000))


def test_a_deal_of_the_second_hour_is_not_dated_into_the_first() -> None:
    """Read again and again it stays there; its position is minutes old, not an hour."""
    kept = watched()
    kept.told(reading(seen(after(9), 10_000_000), [DEPOSIT]))
    deals = [DEPOSIT, stamped(opened(7, after(10), 7))]
    assert deals[1].occurred_at == after(10) - HOUR
    for minutes in (11, 12, 14):
        kept.told(shown(minutes, deals))
    assert kept.deals[7].occurred_at == after(10)
    deals.append(stamped(closed(8, after(20), 7, 0)))
    kept.told(reading(seen(after(21), 10_000_000), deals))
    assert kept.deals[8].occurred_at == after(20)
    assert (kept.violations, kept.discrepancies, kept.reloads) == ([], [], 0)


def test_a_deal_of_the_first_hour_stays_in_it() -> None:
    """The account was not read after it, or the second hour is still to come."""
    kept = watched()
    kept.told(reading(seen(after(-51), 10_000_000), [DEPOSIT]))
    deals = [DEPOSIT, stamped(opened(7, after(-50), 7))]
    for minutes in (-49, -20, 15):
        kept.told(shown(minutes, deals))
    assert kept.deals[7].occurred_at == after(-50)
    late = stamped(deal(9, after(-40)))
    kept.told(shown(15.5, [*deals, late]))
    assert kept.deals[9].occurred_at == after(-40)


def test_the_first_read_of_a_history_knows_no_better() -> None:
    """Nobody looked in between: the first instant stands, and the position's own."""
    kept = KeptLife(evolve(life_of(plan_of(DAILY)), server_clock=ATHENS), after(100))
    kept.told(shown(100, [DEPOSIT, stamped(opened(7, after(10), 7))]))
    assert kept.deals[7].occurred_at == after(10) - HOUR


def test_a_position_without_its_deal_keeps_the_terminals_time() -> None:
    """The opening is older than the history that the broker tells."""
    kept = watched()
    told = shown(9, [stamped(opened(7, after(8), 7))])
    effects = kept.told(evolve(told, deals=(DEPOSIT,), history=evolve(told.history, total=1)))
    assert [one.current for one in effects.violations] == [61 * 60_000]


@pytest.mark.parametrize(("minutes", "twice"), [(-61, False), (-60, True), (59, True), (60, False)])
def test_an_hour_on_either_side_of_the_turn_is_told_twice(minutes: float, twice: bool) -> None:
    """Its second instant is an hour after the first; other wall times have one."""
    wall = ATHENS.to_broker_msc(after(minutes))
    assert ATHENS.is_twice(wall) is twice
    assert ATHENS.to_utc(wall, fold=1) - ATHENS.to_utc(wall) == (HOUR if twice else timedelta())


def test_a_wall_time_that_a_spring_night_leaves_out_is_told_once() -> None:
    """The clock is put forward there: no second instant, though the zone's offsets differ."""
    gap = int(datetime(2026, 3, 29, 3, 30, tzinfo=UTC).timestamp()) * 1000
    assert not ATHENS.is_twice(gap)
