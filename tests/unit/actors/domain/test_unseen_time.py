"""A gap with neither ticks nor bars is never shown as safe, and is no breach (RULES 4)."""

import pytest

from actors.domain.account_state import AccountState
from actors.domain.deals import DealType
from actors.domain.rule_day import Level, RuleDay
from actors.domain.step import start, step
from actors.domain.summary import Proof
from tests.fakes.kept_life import KeptLife
from tests.unit.actors.domain.histories import (
    DAILY,
    OVERALL,
    at,
    deal,
    life_of,
    nothing_stored,
    opened,
    plan_of,
    reading,
    rule,
    seen,
    standings,
)

CLOSED = rule(
    "closed", "daily_loss", allowance="{ percent = 5 }", checked='"balance"', anchor='"balance"'
)
DEALS = [deal(1, at("02 06:00:00"), 10_000_000), opened(2, at("02 07:00:00"), 7)]


def watched(
    looks: dict[str, int],
) -> tuple[AccountState, dict[tuple[str, int], RuleDay], list[str]]:
    """An open position's floating at some instants: the state, newest rows, and verdicts."""
    state = start(life_of(plan_of(DAILY + CLOSED + OVERALL)), nothing_stored(), at("02 06:00:00"))
    rows: dict[tuple[str, int], RuleDay] = {}
    found = []
    for when, floating in looks.items():
        known = [one for one in DEALS if one.occurred_at <= at(when)]
        now = seen(at(when), 10_000_000, {7: floating} if len(known) > 1 else None)
        state, effects = step(state, reading(now, known), now.observed_at)
        rows |= {(row.rule_id, row.date.day): row for row in effects.rule_days}
        found += [one.verdict.value for one in effects.violations]
    return state, rows, found


SHORT = {"02 06:59:50": 0, "02 07:00:10": 0, "02 07:00:30": 0}
LONG = {**SHORT, "02 09:00:00": 0}
NEXT_DAY = {**LONG, "02 21:59:50": 0, "02 22:00:05": 0, "02 22:00:20": 0}


@pytest.mark.parametrize(
    ("looks", "daily", "overall"),
    [
        (SHORT, Proof.PROVEN, Proof.PROVEN),
        (LONG, Proof.UNKNOWN, Proof.UNKNOWN),
        (NEXT_DAY, Proof.PROVEN, Proof.UNKNOWN),
    ],
    ids=["within the promise", "two hours unseen", "after the reset"],
)
def test_a_standing_over_a_gap_is_not_knowable(
    looks: dict[str, int], daily: Proof, overall: Proof
) -> None:
    """A daily rule forgets the gap at the reset, the life does not; deals tell the balance."""
    state, _, verdicts = watched(looks)
    stands = standings(state, at("02 22:30:00") if looks is NEXT_DAY else at("02 12:00:00"))
    assert [one.proof for one in stands] == [daily, Proof.PROVEN, overall]
    assert verdicts == []


def test_a_days_row_says_at_once_that_it_is_unproven() -> None:
    """The row of the gap's step, though nothing but the coverage changed."""
    _, rows, _ = watched(SHORT)
    assert not any(row.unproven for row in rows.values())
    _, rows, _ = watched(LONG)
    assert {name: row.unproven for (name, _), row in rows.items()} == {
        "daily": True,
        "closed": False,
        "overall": True,
    }


def test_a_breach_that_was_seen_is_proven_beside_a_gap() -> None:
    """What crossed crossed, whatever else happened unseen."""
    state, rows, verdicts = watched({**LONG, "02 09:00:10": -600_000})
    assert verdicts[-1] == "hard"
    assert not rows["daily", 2].unproven
    assert rows["overall", 2].unproven
    daily = standings(state, at("02 09:00:10"))[0]
    assert (daily.breached, daily.proof) == (True, Proof.PROVEN)


def test_a_late_fee_makes_no_seen_breach_unproven() -> None:
    """The day is told anew with its gap, and what crossed crossed all the same."""
    life, deals = KeptLife(life_of(plan_of(DAILY)), at("02 06:00:00")), list(DEALS)
    for when, floating in {**LONG, "02 09:00:10": -600_000, "03 08:00:00": -600_000}.items():
        known = [one for one in deals if one.occurred_at <= at(when)]
        held = {7: floating} if len(known) > 1 else None
        life.told(reading(seen(at(when), 10_000_000, held), known))
    deals.insert(2, deal(3, at("02 07:30:00"), -1_000, kind=DealType.COMMISSION))
    life.told(reading(seen(at("03 08:10:00"), 9_999_000, {7: -600_000}), deals))
    row = next(one for one in life.days if one.date.day == 2)
    assert (row.revision, row.worst, row.level) == (1, 9_399_000, Level.BREACH)
    assert row.coverage.unknown_seconds > 0
    assert not row.unproven
