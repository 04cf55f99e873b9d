"""Taking in what was read: its prices first where rules need them, then one step and one unit."""

from actors.commands import CloseSession, Command, Commit, Emit, FetchPrices, Reload
from actors.condition import STICKY_TIERS, ActorState, Waiting
from actors.domain.evolve import evolve
from actors.domain.price_wish import price_wish
from actors.domain.prices import Prices
from actors.domain.risk_tier import Schedule, schedule
from actors.domain.state import Reading
from actors.domain.step import step
from actors.events import Moment, Priced
from actors.settling import Reaction, sleep
from actors.sync_unit import pending_sync

PRICE_SECONDS = 5.0
"""Longest that a reading waits for its prices; a tenth of the tier's promise if that is less."""

SOON_SECONDS = 30.0
"""An idle account read again this soon keeps its terminal: two logins would be worse."""

SHORTEST_SLEEP_SECONDS = 0.2
RELOADS = 2


class StorageBehind(Exception):
    """A reload did not help: the unit is still not what storage expects. A bug, so it crashes."""


def observed(state: ActorState, reading: Reading, at: Moment) -> Reaction:
    """Read the prices of the time before, where the rules need them; else step at once."""
    wish = price_wish(state.known_core, reading) if state.prices_offered else None
    if wish is None:
        return absorb(state, reading, at)
    deadline = min(PRICE_SECONDS, state.known_pace.promise_seconds / 10)
    fetch = FetchPrices(wish, state.specs, deadline)
    return evolve(state, unpriced=reading, waiting=Waiting.PRICING), (fetch,)


def priced(state: ActorState, event: Priced) -> Reaction:
    """Step the reading that waited for these prices. ValueError without one."""
    reading, offered = state.unpriced, event.prices is not None
    if reading is None:
        raise ValueError("prices without a reading")
    state = evolve(state, unpriced=None, specs=event.specs, prices_offered=offered)
    state, commands = absorb(state, evolve(reading, prices=event.prices), event.at)
    return state, commands if offered else (Emit("prices_not_offered", {}), *commands)


def interrupted(state: ActorState, at: Moment) -> Reaction:
    """A reading that is whole is stepped without its prices; one that is not is given up."""
    reading = state.unpriced
    if reading is None:
        return sleep(state)
    unanswered = evolve(reading, prices=Prices(answered=False))
    return absorb(evolve(state, unpriced=None), unanswered, at)


def absorb(state: ActorState, reading: Reading, at: Moment) -> Reaction:
    """Step the core and store what it says."""
    core, effects = step(state.known_core, reading, at.now)
    if effects.needs_reload:
        return reload(state, reading, "facts_of_the_past")
    pace = schedule(core, at.now, at.jitter, state.subject.limits)
    wake_in = _wake_in(pace, effects.reread_within_seconds, at)
    pending = pending_sync(state, core, effects, reading, pace, wake_in, at)
    state, closing = _release(state, pace, wake_in)
    state = evolve(state, pending=pending, waiting=Waiting.COMMITTING)
    return state, (*closing, Commit(pending.unit))


def _wake_in(pace: Schedule, reread_seconds: float | None, at: Moment) -> float:
    """Seconds to the next read: relative, so that a stepped wall clock cannot stretch it."""
    seconds = min(pace.interval_seconds, (pace.next_at - at.now).total_seconds())
    if reread_seconds is not None:
        seconds = min(seconds, reread_seconds)
    return max(SHORTEST_SLEEP_SECONDS, seconds)


def _release(
    state: ActorState, pace: Schedule, wake_in: float
) -> tuple[ActorState, tuple[Command, ...]]:
    """Give the terminal back after an idle visit, and when the kind of lease must change."""
    sticky = pace.tier in STICKY_TIERS
    if state.sticky is None or (sticky and state.sticky):
        return state, ()
    if not sticky and wake_in <= SOON_SECONDS:
        return state, ()
    return evolve(state, sticky=None), (CloseSession(),)


def reload(state: ActorState, reading: Reading, why: str) -> Reaction:
    """Load the life again and step the same reading; the loaded state numbers the unit."""
    if state.reloads >= RELOADS:
        raise StorageBehind(f"sync {state.sync_seq + 1} is refused after {state.reloads} reloads")
    reloads = state.reloads + 1
    state = evolve(state, held=reading, pending=None, reloads=reloads, waiting=Waiting.LOADING)
    return state, (Emit("reloading", {"why": why}), Reload(past=True))
