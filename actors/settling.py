"""How a reaction ends: settle in a condition, store it, publish, sleep, or stop. Pure."""

from actors.commands import (
    Answer,
    CloseSession,
    Command,
    Emit,
    Publish,
    Record,
    SleepUntil,
    Stop,
)
from actors.condition import ActorState, Waiting
from actors.domain.account import ConnectionState, Status
from actors.domain.evolve import evolve
from actors.events import Moment
from actors.faults import backoff_seconds
from actors.sync_unit import condition_entry, standing

STORE_PROMISE_SECONDS = 60.0
UNLOGGED_LIMIT = 8

Reaction = tuple[ActorState, tuple[Command, ...]]
"""The next state, and commands of which the last one is what the shell waits for."""


def settle(
    state: ActorState,
    at: Moment,
    condition: ConnectionState,
    code: str | None,
    wake_at: float | None,
) -> Reaction:
    """Take a condition and a next try (None: parked); a change is stored before it is published."""
    state = evolve(state, wake_at=wake_at, retry_at=None)
    if (condition, code) != (state.connection_state, state.error_code):
        state = _changed(state, at, condition, code)
    state, closing = close(state) if wake_at is None else (state, ())
    state, commands = record(state, at) if state.unrecorded else answer_and_sleep(state)
    return state, (*closing, *commands)


def _changed(
    state: ActorState, at: Moment, condition: ConnectionState, code: str | None
) -> ActorState:
    state = evolve(
        state,
        connection_state=condition,
        error_code=code,
        status=status_of(condition, parked=state.wake_at is None),
        condition=state.condition + 1,
        unrecorded=True,
    )
    log = (*state.unlogged, condition_entry(state, at))
    return evolve(state, unlogged=log[-UNLOGGED_LIMIT:])


def status_of(condition: ConnectionState, *, parked: bool) -> Status:
    """The seed's status: ``error`` for what goes on only by a human's hand."""
    failed = parked and condition is not ConnectionState.PAUSED
    return Status.ERROR if failed else Status.ACTIVE


def wait_for_store(state: ActorState, at: Moment) -> Reaction:
    """Outcome unknown: keep what was to be written and repeat the very same call later."""
    failures, during = state.store_failures + 1, state.waiting.value
    wait = backoff_seconds(failures, STORE_PROMISE_SECONDS, at.jitter)
    state = evolve(state, store_failures=failures, retry_at=at.monotonic + wait)
    state, commands = answer_and_sleep(state)
    return state, (Emit("store_unavailable", {"failures": failures, "during": during}), *commands)


def record(state: ActorState, at: Moment) -> Reaction:
    """Store the present condition."""
    return evolve(state, waiting=Waiting.RECORDING), (Record(standing(state, at)),)


def publish_and_sleep(state: ActorState) -> Reaction:
    """Let readers see what storage holds, then answer and sleep."""
    published = state.published
    state, commands = answer_and_sleep(state)
    return state, (*(() if published is None else (Publish(published),)), *commands)


def answer_and_sleep(state: ActorState) -> Reaction:
    """Answer those who wait with what is published, and sleep."""
    asks = state.asks
    state, commands = sleep(evolve(state, asks=()))
    return state, (*((Answer(asks),) if asks else ()), *commands)


def sleep(state: ActorState) -> Reaction:
    """Wait for a message, storage's retry or the next round."""
    until = state.retry_at if state.retry_at is not None else state.wake_at
    return evolve(state, waiting=Waiting.SLEEPING), (SleepUntil(until),)


def close(state: ActorState) -> tuple[ActorState, tuple[Command, ...]]:
    """Give the terminal back if one is held."""
    if state.sticky is None:
        return state, ()
    return evolve(state, sticky=None), (CloseSession(),)


def stop(state: ActorState, reason: str) -> Reaction:
    """End the actor; those who still wait learn from its ref that it is dead."""
    state, closing = close(evolve(state, waiting=Waiting.STOPPED))
    return state, (*closing, Emit("stopped", {"reason": reason}), Stop(reason))


def stop_drained(state: ActorState) -> Reaction:
    """End as asked: show what was stored last, and answer."""
    published, asks = state.published, state.asks
    state, commands = stop(evolve(state, asks=()), "drained")
    shown = () if published is None else (Publish(published),)
    return state, (*shown, *((Answer(asks),) if asks else ()), *commands)
