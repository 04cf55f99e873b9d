"""The behaviour of one account's actor: pure decisions; with ``absorbing`` its core's only caller.

``react(state, event) -> (state, commands)``. A round is: log in if needed, read, step the core,
store the unit, publish it, sleep. Expected faults are states with a next try; a bug raises and is
the supervisor's business. What is published is stored before.
"""

from actors.absorbing import absorb, interrupted, observed, priced, reload
from actors.commands import (
    Command,
    Commit,
    Emit,
    Fetch,
    OpenSession,
    Publish,
    Reload,
)
from actors.condition import STICKY_TIERS, ActorState, Subject, Waiting
from actors.domain.account import ConnectionState
from actors.domain.evolve import evolve
from actors.domain.fault_code import FaultCode
from actors.domain.risk_tier import schedule
from actors.domain.state import Reading
from actors.domain.step import fetch_since_msc, start
from actors.errors import BrokerFault
from actors.events import (
    BrokerFailed,
    Committed,
    Control,
    CredentialsMissing,
    Event,
    Interrupted,
    LeaseLost,
    Moment,
    Observed,
    Opened,
    Priced,
    Recorded,
    Refused,
    Started,
    StoreFailed,
    StoreFault,
    Timer,
)
from actors.faults import PARKING_CODES, remedy, retry_seconds
from actors.messages import Drain, Pause, Reconnect, Resume, SyncNow
from actors.ports import BrokerAccount
from actors.settling import (
    UNLOGGED_LIMIT,
    Reaction,
    answer_and_sleep,
    close,
    publish_and_sleep,
    record,
    settle,
    sleep,
    status_of,
    stop,
    stop_drained,
    wait_for_store,
)
from actors.sync_unit import first_published, server_clock_entry, with_condition

COOLDOWN_SECONDS = 1.0
"""A sync asked for sooner after the last try waits until this long after it."""

OPEN_SECONDS = 60.0
READ_SECONDS = 15.0
FIRST_READ_SECONDS = 120.0
"""Deadline of a read that fetches the whole history."""

CLOCK_STEP_SECONDS = 2.0


def begin(subject: Subject, held: Reading | None = None) -> Reaction:
    """Return the actor's first state and its first command: load what is stored.

    ``held`` is a reading that the actor before could not store; it is stepped after the load.
    """
    return ActorState(subject, held=held), (Reload(past=held is not None),)


def react(state: ActorState, event: Event) -> Reaction:
    """Return the next state, and commands of which the last one is what the shell waits for."""
    if state.waiting is Waiting.STOPPED:
        return state, ()
    offset, before = event.at.now.timestamp() - event.at.monotonic, state.clock_offset
    state, commands = _react(evolve(state, clock_offset=offset), event)
    if before is not None and abs(offset - before) > CLOCK_STEP_SECONDS:
        commands = (Emit("clock_stepped", {"seconds": round(offset - before, 3)}), *commands)
    return state, commands


def _react(state: ActorState, event: Event) -> Reaction:  # noqa: C901 - one clause a case
    at = event.at
    match event:
        case Started():
            return _started(state, event)
        case Opened():
            return _opened(state, event)
        case Observed():
            return _observed(state, event)
        case Priced():
            return priced(state, event)
        case BrokerFailed():
            return _broker_failed(state, event)
        case Refused(retry_after_seconds=seconds):
            wake_at = at.monotonic + seconds * (1 + 0.2 * at.jitter)
            return settle(
                state, at, ConnectionState.BACKOFF, FaultCode.SERVER_UNAVAILABLE.value, wake_at
            )
        case CredentialsMissing():
            rejected = ConnectionState.CREDENTIALS_REJECTED
            return settle(state, at, rejected, FaultCode.CREDENTIALS_MISSING.value, None)
        case Interrupted():
            return interrupted(state, at)
        case Committed():
            return _committed(state, at)
        case Recorded():
            return _recorded(state, at)
        case StoreFailed():
            return _store_failed(state, event)
        case Timer():
            return _proceed(state, at)
        case Control():
            return _control(state, event)
        case LeaseLost():
            return stop(state, "lease_lost")


def _started(state: ActorState, event: Started) -> Reaction:
    stored, at = event.stored, event.at
    core = start(state.subject.life, stored, at.now)
    state = evolve(
        state,
        core=core,
        sync_seq=stored.sync_seq,
        pace=state.pace or schedule(core, at.now, at.jitter, state.subject.limits),
        store_failures=0,
        retry_at=None,
    )
    if state.held is not None:
        return absorb(evolve(state, held=None), state.held, at)
    return _take_stored_condition(state, event)


def _take_stored_condition(state: ActorState, event: Started) -> Reaction:
    """Go on as storage says: a pause or a rejection outlives a restart."""
    stored, at = event.stored, event.at
    parked = stored.connection_state is ConnectionState.PAUSED or (
        stored.connection_state
        in (ConnectionState.CREDENTIALS_REJECTED, ConnectionState.NEEDS_OPERATOR)
        and stored.last_error_code in PARKING_CODES
    )
    condition = stored.connection_state if parked else None
    condition = condition or ConnectionState.CONNECTING
    state = evolve(
        state,
        connection_state=condition,
        error_code=stored.last_error_code if parked else None,
        status=status_of(condition, parked=parked),
        wake_at=None if parked else at.monotonic + state.subject.first_delay_seconds,
    )
    published = first_published(state, at)
    state = evolve(state, published=published)
    if state.pausing:
        return _pause(state, at)
    return publish_and_sleep(state)


def _proceed(state: ActorState, at: Moment) -> Reaction:
    """Do what is due: storage's retry first, else the next round."""
    due_at = state.retry_at if state.retry_at is not None else state.wake_at
    if due_at is None or at.monotonic < due_at:
        return sleep(state)
    if state.core is None or state.held is not None:
        return evolve(state, waiting=Waiting.LOADING), (Reload(past=state.held is not None),)
    if state.pending is not None:
        return evolve(state, waiting=Waiting.COMMITTING), (Commit(state.pending.unit),)
    if state.unrecorded:
        return record(state, at)
    return _begin_round(state, at)


def _begin_round(state: ActorState, at: Moment) -> Reaction:
    state = evolve(state, attempted_at=at.monotonic, retry_at=None)
    if state.sticky is not None:
        return _fetch(state)
    sticky = state.known_pace.tier in STICKY_TIERS
    return evolve(state, waiting=Waiting.OPENING), (OpenSession(sticky, OPEN_SECONDS),)


def _fetch(state: ActorState) -> Reaction:
    since = fetch_since_msc(state.known_core)
    deadline = READ_SECONDS if since else FIRST_READ_SECONDS
    fetch = Fetch(since, deadline)
    return evolve(state, waiting=Waiting.READING), (fetch,)


def _opened(state: ActorState, event: Opened) -> Reaction:
    account = event.account
    sticky = state.known_pace.tier in STICKY_TIERS
    state = evolve(
        state,
        sticky=sticky,
        specs={},
        prices_offered=True,
    )
    expected = (event.expected_login, event.expected_server.casefold())
    if (account.login, account.server.casefold()) != expected:
        return _broker_failed(state, BrokerFailed(event.at, BrokerFault.WRONG_ACCOUNT))
    state, alert = _cross_checked(state, account, event.at)
    state, commands = _fetch(state)
    return state, (*alert, *commands)


def _observed(state: ActorState, event: Observed) -> Reaction:
    """Take a reading in; none of its days is judged while its server's clock is in doubt."""
    alert: tuple[Command, ...] = ()
    if event.account is not None:
        state, alert = _cross_checked(state, event.account, event.at)
    reading = evolve(event.reading, offset_known=state.offset_known)
    state, commands = observed(state, reading, event.at)
    return state, (*alert, *commands)


def _cross_checked(state: ActorState, account: BrokerAccount, at: Moment) -> Reaction:
    """Hold the bridge's server clock against ours; tell once when it begins to differ, or ends.

    A session may last for days, so this is done with every reading.
    """
    differs = account.offset_differs_seconds
    known = account.offset_source != "unknown" and differs == 0
    if known is not state.offset_known:
        state = evolve(state, offset_known=known)
    if differs == state.offset_differs:
        return state, ()
    log = (*state.unlogged, server_clock_entry(state, differs, at))[-UNLOGGED_LIMIT:]
    told = Emit("server_clock_differs", {"seconds": differs})
    return evolve(state, offset_differs=differs, unlogged=log), (told,)


def _committed(state: ActorState, at: Moment) -> Reaction:
    done = state.pending
    if done is None:
        raise ValueError("an acknowledgement without a unit")
    state = evolve(
        state,
        core=done.core,
        pace=done.pace,
        sync_seq=done.unit.sync_seq,
        published=done.published,
        status=done.unit.status,
        connection_state=done.unit.connection_state,
        error_code=done.unit.last_error_code,
        condition=done.published.condition,
        wake_at=done.wake_at,
        logged_at=at.now if done.unit.log else state.logged_at,
        unlogged=(),
        unrecorded=False,
        pending=None,
        retry_at=None,
        failures=0,
        store_failures=0,
        reloads=0,
    )
    if state.draining:
        return stop_drained(state)
    if state.pausing:
        paused, commands = _pause(state, at)
        return paused, (Publish(done.published), *commands)
    return publish_and_sleep(state)


def _broker_failed(state: ActorState, event: BrokerFailed) -> Reaction:
    at, fault = event.at, event.fault
    failures = state.failures + (fault is not BrokerFault.BUSY)
    cure = remedy(fault, failures)
    state = evolve(state, failures=failures)
    wake_at = None if cure.parked else at.monotonic + _retry_in(state, event)
    dropped = cure.parked or failures > cure.session_kept_for
    state, closing = close(state) if dropped else (state, ())
    code = event.code or fault.value
    if cure.state is None:
        state, commands = answer_and_sleep(evolve(state, wake_at=wake_at))
    else:
        state, commands = settle(state, at, cure.state, code, wake_at)
    return state, (Emit("broker_failed", {"code": code, "failures": failures}), *closing, *commands)


def _retry_in(state: ActorState, event: BrokerFailed) -> float:
    return retry_seconds(
        event.fault,
        max(1, state.failures),
        event.retry_after_seconds,
        state.known_pace.promise_seconds,
        event.at.jitter,
    )


def _recorded(state: ActorState, at: Moment) -> Reaction:
    state = evolve(
        state, unrecorded=False, unlogged=(), retry_at=None, store_failures=0, logged_at=at.now
    )
    state = evolve(state, published=with_condition(state, at))
    return stop_drained(state) if state.draining else publish_and_sleep(state)


def _store_failed(state: ActorState, event: StoreFailed) -> Reaction:
    match event.fault:
        case StoreFault.FENCED:
            return stop(state, "fenced")
        case StoreFault.STALE if state.pending is not None:
            return reload(state, state.pending.reading, "stale_sync")
        case _ if state.draining:
            return stop(state, "drained_unsaved")
        case _:
            return wait_for_store(state, event.at)


def _control(state: ActorState, event: Control) -> Reaction:
    at = event.at
    state = evolve(state, asks=state.asks + event.asks)
    match event.message:
        case SyncNow():
            return _sync_now(state, at)
        case Reconnect():
            return _reconnect(state, at)
        case Pause():
            return _pause(state, at)
        case Resume():
            return _resume(state, at)
        case Drain():
            return _drain(state, at)


def _unloaded(state: ActorState) -> bool:
    """True while storage must be reached before the actor may do anything else."""
    return state.core is None or state.held is not None or state.pending is not None


def _sync_now(state: ActorState, at: Moment) -> Reaction:
    """Read now, or a moment later when it was just tried; not at all when nothing may be read.

    Who asks right after a read may know of something newer than it, so he gets a read of his own.
    """
    tried_at, wake_at = state.attempted_at, state.wake_at
    if _unloaded(state) or state.unrecorded or wake_at is None:
        return answer_and_sleep(state)
    soon = at.monotonic if tried_at is None else tried_at + COOLDOWN_SECONDS
    if at.monotonic < soon:
        return answer_and_sleep(evolve(state, wake_at=min(wake_at, soon)))
    return _begin_round(state, at)


def _reconnect(state: ActorState, at: Moment) -> Reaction:
    if _unloaded(state) or state.connection_state is ConnectionState.PAUSED:
        return answer_and_sleep(state)
    state, closing = close(state)
    connecting = ConnectionState.CONNECTING
    state = evolve(
        state,
        failures=0,
        wake_at=at.monotonic,
        connection_state=connecting,
        error_code=None,
        status=status_of(connecting, parked=False),
        condition=state.condition + 1,
    )
    state, commands = _begin_round(state, at)
    return state, (*closing, *commands)


def _pause(state: ActorState, at: Moment) -> Reaction:
    if _unloaded(state):
        return answer_and_sleep(evolve(state, pausing=True))
    return settle(evolve(state, pausing=False), at, ConnectionState.PAUSED, None, None)


def _resume(state: ActorState, at: Moment) -> Reaction:
    state = evolve(state, pausing=False)
    if _unloaded(state) or state.connection_state is not ConnectionState.PAUSED:
        return answer_and_sleep(state)
    return settle(state, at, ConnectionState.CONNECTING, None, at.monotonic)


def _drain(state: ActorState, at: Moment) -> Reaction:
    """End; what storage may not have yet gets one more try."""
    state = evolve(state, draining=True)
    if state.pending is not None:
        return evolve(state, waiting=Waiting.COMMITTING), (Commit(state.pending.unit),)
    if state.unrecorded and state.held is None and state.core is not None:
        return record(state, at)
    return stop_drained(state)
