"""Reset preview: if nothing changes until the reset, it is what the engine then says."""

from datetime import timedelta

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.domain.loss_stands import loss_stands
from actors.domain.preview import at_reset, reset_after
from actors.domain.state import Reading
from actors.domain.step import start, step
from tests.unit.actors.domain.histories import at, life_of, nothing_stored, plan_of
from tests.unit.actors.domain.loss_rules import EVERY_LOSS_RULE
from tests.unit.actors.domain.test_step import random_life

ALL = life_of(plan_of("".join(EVERY_LOSS_RULE)))


def again(one: Reading, seconds: int) -> Reading:
    """The same account seen some seconds later."""
    when = one.observation.observed_at + timedelta(seconds=seconds)
    return evolve(one, observation=evolve(one.observation, observed_at=when))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 100), st.integers(1, 100))
def test_the_preview_is_what_the_engine_then_says(seed: int, before: int, after: int) -> None:
    """Floor and headroom of every rule, seen shortly before the reset and shortly after it."""
    state, readings = start(ALL, nothing_stored(), at("02 06:00:00")), random_life(seed)
    for one in readings:
        state, _ = step(state, one, one.observation.observed_at)
    last = readings[-1]
    reset = reset_after(state, last.observation.observed_at)
    left = int((reset - last.observation.observed_at).total_seconds())
    shortly = again(last, max(1, left - before))
    state, _ = step(state, shortly, shortly.observation.observed_at)
    previewed = at_reset(state)
    then = again(last, left + after)
    state, _ = step(state, then, then.observation.observed_at)
    for told, stand in zip(
        previewed, loss_stands(state, then.observation.observed_at), strict=True
    ):
        assert told.rule is stand.rule
        assert (told.floor is None) is (stand.floor is None)
        if told.floor is None or stand.floor is None or stand.measured is None:
            continue
        assert told.floor.floor == stand.floor.floor, stand.rule
        assert told.headroom == stand.measured.headroom


def test_the_next_reset_needs_no_calendar_during_the_day() -> None:
    """The day's end, and what the plan's clock says before the first and after the last day."""
    state, readings = start(ALL, nothing_stored(), at("02 06:00:00")), random_life(3)
    assert reset_after(state, at("02 08:00:00")) == at("02 22:00:00")
    for one in readings:
        state, _ = step(state, one, one.observation.observed_at)
        now = one.observation.observed_at
        assert reset_after(state, now) == state.clock.next_reset(now)
    later = now + timedelta(days=9)
    assert reset_after(state, later) == state.clock.next_reset(later)


def test_before_the_first_reading_nothing_is_previewed() -> None:
    """No floor is told of an account that was never seen."""
    state = start(ALL, nothing_stored(), at("02 06:00:00"))
    assert {(told.floor, told.headroom) for told in at_reset(state)} == {(None, None)}
