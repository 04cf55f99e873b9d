"""Readings that cannot be evaluated yet: which are held, and what may be said of them."""

from datetime import timedelta

from attrs import evolve

from actors.domain.account_state import AccountState
from actors.domain.deals import DealType
from actors.domain.step import start, step
from actors.domain.violation import Verdict
from tests.unit.actors.domain.histories import (
    DAILY,
    at,
    deal,
    life_of,
    nothing_stored,
    opened,
    plan_of,
    reading,
    seen,
)

BEGAN, NOON = at("02 06:00:00"), at("02 12:00:00")
DEALS = [deal(1, BEGAN, 10_000_000), opened(2, at("02 07:00:00"), 2)]
PAYOUT = deal(3, NOON, -1_000, kind=DealType.BALANCE)


def begun() -> AccountState:
    """A long, read once."""
    state = start(life_of(plan_of(DAILY)), nothing_stored(), BEGAN)
    first = reading(seen(at("02 11:00:00"), 10_000_000, {2: 0}), DEALS)
    return step(state, first, at("02 11:00:00"))[0]


def test_the_lowest_of_too_many_held_readings_is_never_the_one_let_go() -> None:
    """Sixty are held; beyond it the oldest goes, but not the one that may prove a breach."""
    state, notes = begun(), []
    floating = [-600_000, *range(61)]
    for number, amount in enumerate(floating):
        when = NOON + timedelta(seconds=number)
        unexplained = reading(seen(when, 9_999_000, {2: amount}), DEALS)
        state, effects = step(state, unexplained, when)
        notes.append(effects.notes)
    held = [one.positions[0].profit for one in state.progress.held]
    assert held == [-600_000, *range(2, 61)]
    assert state.progress.held_since == NOON
    assert [number for number, told in enumerate(notes) if "observation_dropped" in told] == [
        60,
        61,
    ]
    end = NOON + timedelta(seconds=62)
    state, effects = step(state, reading(seen(end, 9_999_000, {2: 0}), [*DEALS, PAYOUT]), end)
    hard = [(v.occurred_at, v.current) for v in effects.violations if v.verdict is Verdict.HARD]
    assert hard == [(NOON, 9_399_000)]
    assert (state.progress.held, state.progress.held_since) == ((), None)


def test_nothing_is_said_of_a_life_whose_start_is_unknown() -> None:
    """An unknown clock at the very first reading: no initial balance, so not even a possibility."""
    state = start(life_of(plan_of(DAILY)), nothing_stored(), BEGAN)
    first = evolve(reading(seen(NOON, 10_000_000, {2: -9_000_000}), DEALS), offset_known=False)
    state, effects = step(state, first, NOON)
    assert (effects.violations, effects.rule_days) == ((), ())
    assert state.progress.initial is None
    assert len(state.progress.held) == 1


def test_a_reading_taken_again_gives_no_second_sample() -> None:
    """The curve has one sample for each instant."""
    state = begun()
    again = reading(seen(at("02 11:00:00"), 10_000_000, {2: 0}), DEALS)
    assert step(state, again, at("02 11:00:00"))[1].sample is None
    later = reading(seen(at("02 11:00:01"), 10_000_000, {2: 5}), DEALS)
    sample = step(state, later, at("02 11:00:01"))[1].sample
    assert sample is not None
    assert sample.recorded_at == at("02 11:00:01")
