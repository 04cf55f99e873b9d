"""Builds what one reaction writes and publishes: unit, standing, log rows, published state."""

from datetime import datetime, timedelta

import msgspec
from attrs import evolve

from actors.condition import ActorState, Pending
from actors.domain.account import ConnectionState, Status
from actors.domain.account_state import AccountState
from actors.domain.loss_stands import loss_stands
from actors.domain.published import Published
from actors.domain.risk_tier import Schedule
from actors.domain.state import Effects, Reading
from actors.domain.summary import RuleStanding
from actors.domain.summary_view import history_fault, history_state, outcome, standings, summarise
from actors.events import Moment
from actors.ports import LogEntry, Standing, SyncUnit

HOURLY_SECONDS = 3600.0

_numbers = msgspec.json.Encoder(decimal_format="number")


def first_published(state: ActorState, at: Moment) -> Published:
    """Return what readers see of a loaded life before its first read."""
    instance, core, pace = state.subject.instance, state.known_core, state.known_pace
    stands = loss_stands(core, at.now)
    return Published(
        account_id=instance.account_id,
        instance_id=instance.instance_id,
        life_id=instance.life_id,
        rev=state.sync_seq,
        condition=state.condition,
        status=state.status,
        connection_state=state.connection_state,
        outcome=outcome(core),
        tier=pace.tier,
        summary=summarise(core, stands, state.connection_state, pace, at.now),
        standings=standings(core, stands),
        observation=None,
        last_sync_at=None,
        next_sync_at=next_sync_at(state, at),
        last_error_code=state.error_code,
        core=core,
        stands=stands,
    )


def pending_sync(
    state: ActorState,
    core: AccountState,
    effects: Effects,
    reading: Reading,
    pace: Schedule,
    wake_in: float,
    at: Moment,
) -> Pending:
    """Return the unit of one sync, and the state to publish once it is stored."""
    instance = state.subject.instance
    condition, fault = history_state(core), history_fault(core)
    observation = reading.observation
    next_sync_at = at.now + timedelta(seconds=wake_in)
    stands = loss_stands(core, at.now)
    summary = summarise(core, stands, condition, pace, at.now)
    rules = standings(core, stands)
    result = outcome(core)
    changed = (condition, fault) != (state.connection_state, state.error_code)
    log = _sync_log(state, effects, condition, at, changed=changed)
    unit = SyncUnit(
        instance=instance,
        fence=state.subject.fence,
        sync_seq=state.sync_seq + 1,
        observed_at=observation.observed_at,
        currency=observation.currency,
        currency_digits=observation.currency_digits,
        effects=effects,
        summary=msgspec.json.encode(summary),
        standings=standings_json(rules),
        status=Status.ACTIVE,
        connection_state=condition,
        outcome=result,
        tier=pace.tier,
        last_error_code=fault,
        next_sync_at=next_sync_at,
        log=(*state.unlogged, *log),
    )
    published = Published(
        account_id=instance.account_id,
        instance_id=instance.instance_id,
        life_id=instance.life_id,
        rev=unit.sync_seq,
        condition=state.condition + changed,
        status=unit.status,
        connection_state=condition,
        outcome=result,
        tier=pace.tier,
        summary=summary,
        standings=rules,
        observation=observation,
        last_sync_at=observation.observed_at,
        next_sync_at=next_sync_at,
        last_error_code=fault,
        core=core,
        stands=stands,
        specs=state.specs,
    )
    return Pending(unit, core, reading, pace, published, at.monotonic + wake_in)


def standings_json(rules: tuple[RuleStanding, ...]) -> bytes:
    """Return the standings as storage keeps them; amounts are numbers, so that texts stay texts."""
    return _numbers.encode(rules)


def standing(state: ActorState, at: Moment) -> Standing:
    """Return the present condition as storage keeps it."""
    return Standing(
        instance=state.subject.instance,
        fence=state.subject.fence,
        status=state.status,
        connection_state=state.connection_state,
        tier=state.known_pace.tier,
        last_error_code=state.error_code,
        next_sync_at=next_sync_at(state, at),
        log=state.unlogged,
    )


def with_condition(state: ActorState, at: Moment) -> Published | None:
    """Return the published state with the present condition; figures stay as last committed."""
    if state.published is None:
        return None
    return evolve(
        state.published,
        condition=state.condition,
        status=state.status,
        connection_state=state.connection_state,
        summary=evolve(state.published.summary, connection_state=state.connection_state),
        next_sync_at=next_sync_at(state, at),
        last_error_code=state.error_code,
    )


def next_sync_at(state: ActorState, at: Moment) -> datetime | None:
    """Return the wall time of the next read, None while parked."""
    if state.wake_at is None:
        return None
    return at.now + timedelta(seconds=max(0.0, state.wake_at - at.monotonic))


def condition_entry(state: ActorState, at: Moment) -> LogEntry:
    """Return the log row of a change of condition."""
    return LogEntry(
        request_id=f"condition-{state.subject.instance.instance_key}-{_milliseconds(at.now)}",
        action="condition",
        status=state.connection_state.value,
        error_code=state.error_code,
        context={"failures": state.failures},
        created_at=at.now,
    )


def server_clock_entry(state: ActorState, differs: int, at: Moment) -> LogEntry:
    """Return the log row of a server clock that differs from the configured one; 0: no more."""
    return LogEntry(
        request_id=f"clock-{state.subject.instance.instance_key}-{_milliseconds(at.now)}",
        action="server_clock",
        status="differs" if differs else "agrees",
        error_code="server_clock_differs" if differs else None,
        context={"seconds": differs},
        created_at=at.now,
    )


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def _sync_log(
    state: ActorState, effects: Effects, condition: ConnectionState, at: Moment, *, changed: bool
) -> tuple[LogEntry, ...]:
    """A row when the condition changed, something was noted, or an hour has passed."""
    hour_over = (
        state.logged_at is None or (at.now - state.logged_at).total_seconds() >= HOURLY_SECONDS
    )
    if not (changed or effects.notes or hour_over):
        return ()
    entry = LogEntry(
        request_id=f"sync-{state.subject.instance.instance_key}-{state.sync_seq + 1}",
        action="sync",
        status=condition.value,
        error_code=None,
        context={"sync_seq": state.sync_seq + 1, "notes": list(effects.notes)},
        created_at=at.now,
    )
    return (entry,)
