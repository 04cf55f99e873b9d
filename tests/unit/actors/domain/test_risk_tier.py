"""Risk tiers: the interval formula, the tiers, their limits, and reads around the reset."""

import json
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.domain.account import Tier
from actors.domain.account_state import AccountState
from actors.domain.deals import Deal
from actors.domain.loss_stands import loss_stands
from actors.domain.risk_tier import safe_seconds, schedule
from actors.domain.step import start, step
from actors.domain.summary_view import history_state, summarise
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

VECTORS = json.loads((Path(__file__).parents[3] / "vectors" / "safe_interval.json").read_text())
LIFE = life_of(plan_of(DAILY + OVERALL))
BASE = [deal(1, at("02 06:00:00"), 10_000_000), opened(2, at("02 06:30:00"), 2)]
FLAT = [*BASE, closed(3, at("02 07:00:00"), 2, 0)]


def state_at(when: datetime, floating: dict[int, int], deals: list[Deal]) -> AccountState:
    """An account read once."""
    begun = start(LIFE, nothing_stored(), at("02 06:00:00"))
    return step(begun, reading(seen(when, 10_000_000, floating), deals), when)[0]


def test_open_positions_are_active_every_thirty_seconds() -> None:
    """With positions the interval is 30 s under a promise of one minute."""
    when = at("02 08:00:00")
    planned = schedule(state_at(when, {2: 0}, BASE), when, 0.0)
    assert (planned.tier, planned.interval_seconds, planned.promise_seconds) == (
        Tier.ACTIVE,
        30,
        60,
    )


def test_a_warning_is_breach_risk_at_once() -> None:
    """A loss rule at warning is read at most every 15 s."""
    when = at("02 08:00:00")
    planned = schedule(state_at(when, {2: -400_000}, BASE), when, 0.0)
    assert planned.tier is Tier.BREACH_RISK
    assert 5 <= planned.interval_seconds <= 15


def test_a_quiet_account_becomes_idle_and_slower() -> None:
    """Without trades for a day the account is idle: from 10 min on, after a week 28 min."""
    state = state_at(at("02 08:00:00"), {}, FLAT)
    intervals = []
    for day in (4, 7, 12):
        when = at(f"{day:02} 10:00:00")
        state, _ = step(state, reading(seen(when, 10_000_000), [], 3), when)
        intervals.append(schedule(state, when, 0.0).interval_seconds)
        assert schedule(state, when, 0.0).tier is Tier.IDLE
    assert 600 <= intervals[0] < intervals[1] < intervals[2] == 1680


def test_going_down_a_tier_waits_for_the_dwell() -> None:
    """Breach risk is not left before two minutes, so that tiers do not flap."""
    when = at("02 08:00:00")
    state = state_at(when, {2: -400_000}, BASE)
    tiers = []
    for second in (15, 60, 121):
        now = when + timedelta(seconds=second)
        state, _ = step(state, reading(seen(now, 10_000_000, {2: -1000}), BASE), now)
        state = evolve(state, progress=evolve(state.progress, variance=0.0))
        tiers.append(state.progress.tier)
    assert tiers == [Tier.BREACH_RISK, Tier.BREACH_RISK, Tier.ACTIVE]


def test_a_breached_account_is_idle() -> None:
    """After a breach syncing goes on at the idle tier."""
    when = at("02 08:00:00")
    assert schedule(state_at(when, {2: -600_000}, BASE), when, 0.0).tier is Tier.IDLE


def test_open_positions_are_read_just_before_and_after_the_reset() -> None:
    """The reads around 22:00 UTC lie within a minute of it."""
    when = at("02 21:59:20")
    state = state_at(when, {2: 0}, BASE)
    before = schedule(state, when, 0.5).next_at
    assert timedelta() < at("02 22:00:00") - before <= timedelta(seconds=60)
    after = schedule(state, at("02 21:59:50"), 0.5).next_at
    assert timedelta() < after - at("02 22:00:00") <= timedelta(seconds=25)


@settings(max_examples=100)
@given(st.floats(0, 1, exclude_max=True), st.integers(0, 86_400))
def test_an_idle_account_is_read_within_fifteen_minutes_of_the_reset(
    jitter: float, second: int
) -> None:
    """Whatever the jitter, no idle account lets the reset pass for more than 15 minutes."""
    state = state_at(at("02 08:00:00"), {}, FLAT)
    state = evolve(state, progress=evolve(state.progress, tier=Tier.IDLE))
    now = at("10 00:00:00") + timedelta(seconds=second)
    planned = schedule(state, now, jitter)
    reset = state.clock.next_reset(now)
    assert planned.next_at > now
    assert planned.next_at <= reset + timedelta(minutes=15)
    assert planned.interval_seconds <= 1680


def wandering(steps: list[tuple[int, int]]) -> list[tuple[datetime, AccountState]]:
    """An account read at these distances in seconds, floating these amounts."""
    when = at("02 08:00:00")
    state = state_at(when, {2: 0}, BASE)
    seen_at = [(when, state)]
    for seconds, floating in steps:
        when += timedelta(seconds=seconds)
        state, _ = step(state, reading(seen(when, 10_000_000, {2: floating}), BASE), when)
        seen_at.append((when, state))
    return seen_at


moves = st.lists(
    st.tuples(st.integers(1, 90), st.integers(-499_000, 50_000)), min_size=1, max_size=40
)


@settings(max_examples=100, deadline=None)
@given(moves)
def test_a_tier_changes_at_most_once_in_a_dwell(steps: list[tuple[int, int]]) -> None:
    """However equity wanders over the levels, two changes lie a dwell apart."""
    changes = [
        later for (_, before), (later, after) in pairwise(wandering(steps))
        if before.progress.tier is not after.progress.tier
    ]  # fmt: skip
    assert all(b - a >= timedelta(minutes=2) for a, b in pairwise(changes))


@settings(max_examples=100, deadline=None)
@given(moves)
def test_what_is_urgent_does_not_wait_for_the_dwell(steps: list[tuple[int, int]]) -> None:
    """A rule at warning is read within 15 s under a promise of 30 s, whatever the tier says."""
    for when, state in wandering(steps):
        planned = schedule(state, when, 0.0)
        at_risk = any(own.level.value != "ok" for own in state.progress.rules)
        if at_risk:
            assert planned.interval_seconds <= 15
            assert planned.promise_seconds == 30
        assert planned.interval_seconds <= planned.promise_seconds


def test_the_longest_wait_of_the_day_is_measured() -> None:
    """Expected is the planned interval, measured the longest time between two readings today."""
    when, state = wandering([(30, 0), (47, 0), (12, 0)])[-1]
    planned = schedule(state, when, 0.0)
    told = summarise(state, loss_stands(state, when), history_state(state), planned, when)
    assert told.worst_lag_seconds == 47.0
    assert told.expected_lag_seconds == planned.interval_seconds == 30.0


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v['volatility']}-{v['headroom']}")
def test_the_vectors_of_the_safe_interval(vector: dict[str, float]) -> None:
    """Each stated pair of volatility and headroom gives its interval."""
    told = safe_seconds(int(vector["headroom"]), vector["volatility"])
    assert told == pytest.approx(vector["seconds"], rel=2e-3)


def test_an_account_that_never_traded_is_read_as_rarely_as_allowed() -> None:
    """Idle without any trade: 28 minutes from the first day on."""
    when = at("02 08:00:00")
    state = state_at(when, {}, BASE[:1])
    idle = evolve(state, progress=evolve(state.progress, tier=Tier.IDLE, urgent=Tier.IDLE))
    assert schedule(idle, when, 0.0).interval_seconds == 28 * 60
