"""A broker's clock that runs a little ahead neither loses a reading nor makes an account flap."""

from datetime import timedelta

import pytest
from attrs import evolve

from actors.domain.account import ConnectionState
from actors.domain.reconciled import SKEW
from actors.domain.step import start, step
from actors.domain.summary_view import history_state
from actors.domain.violation import Verdict
from tests.unit.actors.domain.histories import (
    DAILY,
    OVERALL,
    at,
    closed,
    deal,
    life_of,
    nothing_stored,
    opened,
    plan_of,
    reading,
    seen,
)

BOTH = plan_of(DAILY + OVERALL)
NOON = at("02 12:00:00")
BASE = [deal(1, at("02 06:00:00"), 10_000_000), opened(2, at("02 07:00:00"), 2)]


@pytest.mark.parametrize(
    ("ahead", "taken"),
    [
        (timedelta(microseconds=1), True),
        (SKEW, True),
        (SKEW + timedelta(microseconds=1), False),
    ],
)
def test_a_reading_that_shows_a_deal_of_the_next_moment_is_judged(
    ahead: timedelta, taken: bool
) -> None:
    """Up to two seconds ahead a crossing counts, at the deal's stamp; beyond, it waits."""
    state = start(life_of(BOTH), nothing_stored(), at("02 06:00:00"))
    state, _ = step(state, reading(seen(at("02 11:00:00"), 10_000_000, {2: 0}), BASE), NOON)
    late = closed(3, NOON + ahead, 2, -10_000)
    lost = evolve(seen(NOON, 9_990_000), equity=9_400_000)
    state, effects = step(state, reading(lost, [*BASE, late]), NOON)
    found = [(v.verdict, v.occurred_at) for v in effects.violations if v.rule_id == "daily"]
    assert found == ([(Verdict.HARD, NOON + ahead)] if taken else [])
    assert effects.reread_within_seconds == (None if taken else 2.0)


def test_a_busy_account_of_a_fast_clock_stays_ready() -> None:
    """A deal stamped a second ahead in every reading: each is walked, each deal counted once."""
    state = start(life_of(BOTH), nothing_stored(), at("02 06:00:00"))
    deals = [*BASE, closed(3, at("02 07:00:01"), 2, 0)]
    for number in range(90):
        when = NOON + timedelta(seconds=2 * number, milliseconds=300 * (number % 3))
        deals = [*deals, deal(10 + number, when + timedelta(seconds=1), -100)]
        balance = 10_000_000 - 100 * (number + 1)
        state, effects = step(state, reading(seen(when, balance), deals), when)
        assert history_state(state) is ConnectionState.READY
        assert (effects.notes, state.progress.held) == ((), ())
        assert state.progress.sums.balance == balance


def test_a_reading_inside_the_skew_of_the_one_before_keeps_the_path_in_order() -> None:
    """A second reading before the deal's stamp is walked at that stamp; nothing is taken twice."""
    state = start(life_of(BOTH), nothing_stored(), at("02 06:00:00"))
    state, _ = step(state, reading(seen(at("02 11:00:00"), 10_000_000, {2: 0}), BASE), NOON)
    stamp = NOON + timedelta(seconds=1.5)
    deals = [*BASE, closed(3, stamp, 2, -500)]
    for after in (0.0, 0.5, 1.0):
        when = NOON + timedelta(seconds=after)
        state, effects = step(state, reading(seen(when, 9_999_500), deals), when)
        assert state.progress.walked_to == stamp
        assert (state.progress.sums.balance, effects.violations) == (9_999_500, ())
        assert (state.progress.day and state.progress.day.closed) == 1


@pytest.mark.parametrize(("seconds", "taken"), [(59.999, False), (60, True)])
def test_a_reading_with_a_young_position_waits_for_its_opening(seconds: float, taken: bool) -> None:
    """An opening that costs nothing moves no balance: for a minute the reading is held for it."""
    state = start(life_of(BOTH), nothing_stored(), at("02 06:00:00"))
    before = reading(seen(at("02 11:00:00"), 10_000_000), BASE[:1])
    state, _ = step(state, before, NOON)
    shown = seen(NOON + timedelta(seconds=seconds), 10_000_000, {2: -600_000})
    shown = evolve(shown, positions=(evolve(shown.positions[0], opened_at=NOON),))
    state, effects = step(state, reading(shown, BASE[:1]), shown.observed_at)
    assert bool(effects.violations) is taken
    assert effects.reread_within_seconds == (None if taken else 2.0)
    late = opened(2, NOON, 2)
    again = evolve(shown, observed_at=NOON + timedelta(seconds=61))
    state, effects = step(state, reading(again, [*BASE[:1], late]), again.observed_at)
    kinds = [one.kind for one in effects.discrepancies] if not effects.needs_reload else ["reload"]
    told = [(one.rule_id, one.occurred_at) for one in effects.violations]
    assert (kinds, told) == ((["reload"], []) if taken else ([], [("daily", shown.observed_at)]))
