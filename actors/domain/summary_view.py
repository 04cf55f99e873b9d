"""The summary and the standings: what readers see of an account (RULES 7)."""

from datetime import datetime, timedelta
from decimal import Decimal

from attrs import frozen

from actors.domain.account import ConnectionState, Outcome
from actors.domain.account_state import AccountState
from actors.domain.fault_code import FaultCode
from actors.domain.loss_standing import loss_standing
from actors.domain.loss_stands import LossStand, Stands, any_breached, nearest
from actors.domain.money import percent_even, percent_floor, to_decimal
from actors.domain.plan import Phase, RuleKind
from actors.domain.preview import next_reset, reset_after
from actors.domain.progress import Progress
from actors.domain.risk_tier import Schedule
from actors.domain.snapshot import Observation
from actors.domain.standing_view import phase_standings
from actors.domain.summary import RuleStanding, Summary

UNRECONCILED_AFTER = timedelta(seconds=60)
"""How long an observation may wait for its deals before the account says so (RULES 1)."""


CLOCK_DIFFERS = FaultCode.SERVER_CLOCK_DIFFERS.value
"""Error code: the broker's clock is not the one that we take it for; no daily verdict is given."""


def history_state(state: AccountState) -> ConnectionState:
    """READY, HISTORY_LOADING, UNRECONCILED or NEEDS_OPERATOR, as the core sees it."""
    progress = state.progress
    if not progress.complete:
        return ConnectionState.HISTORY_LOADING
    if history_fault(state) is not None:
        return ConnectionState.NEEDS_OPERATOR
    newest, since = progress.newest, progress.held_since
    if newest and since and newest.observed_at - since >= UNRECONCILED_AFTER:
        return ConnectionState.UNRECONCILED
    return ConnectionState.READY


def history_fault(state: AccountState) -> str | None:
    """The error code of what a human must look at while the account is read on; None: nothing."""
    progress = state.progress
    if progress.conflict is not None:
        return progress.conflict
    return CLOCK_DIFFERS if progress.clock_doubted else None


def outcome(state: AccountState) -> Outcome:
    """How the phase stands: only the pass and a hard breach latch, whichever came first."""
    progress = state.progress
    if progress.breached:
        return Outcome.BREACHED
    return Outcome.RUNNING if progress.phase.passed_at is None else Outcome.PASSED


def standings(state: AccountState, stands: Stands) -> tuple[RuleStanding, ...]:
    """Every rule of the phase as it stands: loss rules, rules on conduct, objectives."""
    loss = tuple(loss_standing(stand, state.progress) for stand in stands)
    return (*loss, *phase_standings(state))


def summarise(
    state: AccountState,
    stands: Stands,
    connection_state: ConnectionState,
    schedule: Schedule,
    now: datetime,
) -> Summary:
    """The seed's summary with what the contract adds. Unknown is None, never 0."""
    progress, phase = state.progress, state.life.rules_phase
    digits, newest = progress.digits or 0, progress.newest
    daily = nearest(stands, RuleKind.DAILY_LOSS)
    overall = nearest(stands, RuleKind.OVERALL_LOSS)
    tally = state.tally
    initial = progress.initial
    change = newest.balance - initial.value if newest and initial else None
    reset_at = reset_after(state, now) if _has(phase, RuleKind.DAILY_LOSS) else None
    d, o = _figures(daily, digits), _figures(overall, digits)
    return Summary(
        currency=progress.currency,
        currency_digits=progress.digits,
        balance_current=_money(newest.balance if newest else None, digits),
        equity_current=_money(newest.equity if newest else None, digits),
        credit_current=_money(newest.credit if newest else None, digits),
        floating_current=_money(newest.floating if newest else None, digits),
        margin_current=_money(newest.margin if newest else None, digits),
        free_margin_current=_money(newest.free_margin if newest else None, digits),
        initial_balance=_money(initial.value if initial else None, digits),
        initial_balance_source=initial.source.value if initial else None,
        balance_change_abs=_money(change, digits),
        balance_change_pct=percent_even(change, initial.value)
        if initial and change is not None
        else None,
        net_result=_money(_net_result(progress, newest), digits),
        dd_all_time_used=o.used,
        dd_all_time_limit=o.limit,
        dd_all_time_used_pct=o.used_pct,
        dd_all_time_used_worst=o.worst,
        dd_all_time_floor=o.floor,
        dd_all_time_headroom=o.headroom,
        dd_all_time_breached=any_breached(stands, RuleKind.OVERALL_LOSS),
        dd_daily_used=d.used,
        dd_daily_limit=d.limit,
        dd_daily_used_pct=d.used_pct,
        dd_daily_used_worst=d.worst,
        dd_daily_floor=d.floor,
        dd_daily_headroom=d.headroom,
        dd_daily_breached=any_breached(stands, RuleKind.DAILY_LOSS),
        dd_daily_reset_at=reset_at,
        trading_days=progress.trading_days,
        win_rate=percent_even(tally.wins, tally.closed),
        closed_positions=tally.closed,
        open_positions=len(newest.positions) if newest else 0,
        connection_state=connection_state,
        outcome=outcome(state),
        tier=schedule.tier,
        plan=state.life.plan.name,
        phase=state.life.phase,
        phase_name=phase.name,
        next_reset=None if reset_at is None else next_reset(state, daily, reset_at),
        coverage_unknown_seconds=_unknown_seconds(progress),
        violations=progress.violations,
        as_of=newest.observed_at if newest else None,
        sync_interval_seconds=schedule.interval_seconds,
        expected_lag_seconds=schedule.interval_seconds,
        worst_lag_seconds=progress.day.worst_lag_us / 1e6 if progress.day else None,
        stale_after_seconds=schedule.promise_seconds,
        broker_utc_offset_seconds=_offset(state, newest),
    )


@frozen
class _Figures:
    """The seed's drawdown figures of one rule, in whole units; None where unknown."""

    used: Decimal | None = None
    limit: Decimal | None = None
    used_pct: Decimal | None = None
    worst: Decimal | None = None
    floor: Decimal | None = None
    headroom: Decimal | None = None


def _figures(stand: LossStand | None, digits: int) -> _Figures:
    if stand is None or stand.floor is None or stand.measured is None:
        return _Figures()
    floor, measured = stand.floor, stand.measured
    return _Figures(
        used=_money(measured.used, digits),
        limit=_money(floor.allowance, digits),
        used_pct=percent_floor(measured.used, floor.allowance),
        worst=_money(stand.worst_used, digits),
        floor=_money(floor.floor, digits),
        headroom=_money(measured.headroom, digits),
    )


def _has(phase: Phase, kind: RuleKind) -> bool:
    return any(rule.kind is kind for rule in phase.rules)


def _net_result(progress: Progress, newest: Observation | None) -> int | None:
    """Balance - initial without the flows; from the last evaluated reading."""
    if progress.initial is None or progress.last is None or newest is None:
        return None
    return progress.last.balance - progress.initial.value - progress.flows


def _offset(state: AccountState, newest: Observation | None) -> int | None:
    if newest is None:
        return None
    return int(state.life.server_clock.offset(newest.observed_at).total_seconds())


def _unknown_seconds(progress: Progress) -> float:
    today = progress.day.span.unknown if progress.day else 0
    return (progress.unknown_days_us + today) / 1e6


def _money(minor: int | None, digits: int) -> Decimal | None:
    return None if minor is None else to_decimal(minor, digits)
