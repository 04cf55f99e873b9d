"""The summary and the standings: what readers see of an account (RULES 7)."""

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from actors.domain.account import ConnectionState, Outcome
from actors.domain.account_state import AccountState
from actors.domain.drawdown import Floor, Measure, Values, checked_of, measure
from actors.domain.evolve import evolve
from actors.domain.money import percent_even, percent_floor, to_decimal, to_minor
from actors.domain.plan import CashFlow, LossRule, Phase, RuleKind
from actors.domain.progress import Progress, RuleProgress
from actors.domain.risk_tier import Schedule
from actors.domain.rule_day import AnchorGrade, Level
from actors.domain.rules.families import FAMILIES
from actors.domain.snapshot import Observation
from actors.domain.standing_view import phase_standings
from actors.domain.summary import NextReset, Proof, RuleGroup, RuleStanding, RuleState, Summary
from actors.domain.units import Unit

UNRECONCILED_AFTER = timedelta(seconds=60)
"""How long an observation may wait for its deals before the account says so (RULES 1)."""


@frozen
class _Stand:
    """One rule with its floor and measure now, None while they are unknown."""

    rule: LossRule
    own: RuleProgress
    floor: Floor | None
    measured: Measure | None

    @property
    def breached(self) -> bool:
        """Latched: the rule day for daily rules, the life for overall ones."""
        return self.own.breached_value is not None


def history_state(state: AccountState) -> ConnectionState:
    """READY, HISTORY_LOADING, UNRECONCILED or NEEDS_OPERATOR, as the core sees it."""
    progress = state.progress
    if not progress.complete:
        return ConnectionState.HISTORY_LOADING
    if progress.conflict is not None:
        return ConnectionState.NEEDS_OPERATOR
    newest, since = progress.newest, progress.held_since
    if newest and since and newest.observed_at - since >= UNRECONCILED_AFTER:
        return ConnectionState.UNRECONCILED
    return ConnectionState.READY


def outcome(state: AccountState) -> Outcome:
    """How the phase stands: only the pass and a hard breach latch, whichever came first."""
    progress = state.progress
    if progress.breached:
        return Outcome.BREACHED
    return Outcome.RUNNING if progress.phase.passed_at is None else Outcome.PASSED


def standings(state: AccountState, now: datetime) -> tuple[RuleStanding, ...]:
    """Every rule of the phase as it stands: loss rules, rules on conduct, objectives."""
    loss = tuple(_standing(state, stand) for stand in _stands(state, now))
    return (*loss, *phase_standings(state))


def _stands(state: AccountState, now: datetime) -> tuple[_Stand, ...]:
    progress, rules = state.progress, state.life.rules_phase.rules
    if not progress.rules:
        return tuple(_Stand(rule, RuleProgress(rule.rule_id), None, None) for rule in rules)
    over = progress.day is not None and now >= progress.day.end
    values = _values(progress)
    return tuple(
        _stand(rule, own, progress, values, over=over)
        for rule, own in zip(rules, progress.rules, strict=True)
    )


def _stand(
    rule: LossRule, own: RuleProgress, progress: Progress, values: Values | None, *, over: bool
) -> _Stand:
    if over and rule.kind is RuleKind.DAILY_LOSS:
        return _Stand(rule, RuleProgress(rule.rule_id, worst=own.worst), None, None)
    floor = FAMILIES[rule.kind].floor_of(rule, own, progress)
    if floor is None or values is None:
        return _Stand(rule, own, floor, None)
    value = checked_of(rule, values)
    return _Stand(rule, own, floor, None if value is None else measure(rule, floor, value))


def _values(progress: Progress) -> Values | None:
    last = progress.last
    return None if last is None else Values(last.balance, last.equity - last.credit, last.credit)


def _standing(state: AccountState, stand: _Stand) -> RuleStanding:
    progress, rule, own = state.progress, stand.rule, stand.own
    digits = progress.digits or 0
    floor, measured = stand.floor, stand.measured
    daily = rule.kind is RuleKind.DAILY_LOSS
    worst, worst_used = (own.day_worst, own.day_used) if daily else (own.worst, own.worst_used)
    percent = None
    if floor is not None and measured is not None:
        percent = percent_floor(measured.used, floor.allowance)
    return RuleStanding(
        rule_id=rule.rule_id,
        rule_type=rule.kind.value,
        level=Level.BREACH if stand.breached else own.level,
        checked=rule.checked.value,
        operator=rule.operator.value,
        severity=rule.severity.value,
        value=_money(measured.value if measured else None, digits),
        anchor=_money(floor.anchor if floor else None, digits),
        floor=_money(floor.floor if floor else None, digits),
        allowance=_money(floor.allowance if floor else None, digits),
        used=_money(measured.used if measured else None, digits),
        used_pct=percent,
        headroom=_money(measured.headroom if measured else None, digits),
        worst=_money(worst, digits),
        worst_used=_money(worst_used, digits),
        breached=stand.breached,
        grade=_grade(rule, floor),
        rule_date=progress.day.date if daily and progress.day else None,
        formula=_formula(rule),
        inputs=_inputs(rule, floor, progress),
        group=RuleGroup.LOSS,
        unit=Unit.MONEY,
        state=_state(stand),
        proof=_proof(stand),
        limit=None,
        target=None,
        remaining=None,
    )


def _state(stand: _Stand) -> RuleState:
    if stand.breached:
        return RuleState.BREACH
    return RuleState.UNKNOWN if stand.measured is None else RuleState(stand.own.level.value)


def _proof(stand: _Stand) -> Proof:
    if stand.floor is None or stand.measured is None:
        return Proof.UNKNOWN
    return Proof.PROVEN if stand.floor.sure == stand.floor.floor else Proof.POSSIBLE


def _grade(rule: LossRule, floor: Floor | None) -> AnchorGrade | None:
    if rule.kind is not RuleKind.DAILY_LOSS:
        return None
    return AnchorGrade.PENDING if floor is None else floor.grade


def _formula(rule: LossRule) -> str:
    """A code the client words, such as ``daily_loss.equity.initial.shift``."""
    parts = [rule.kind.value, rule.anchor.value, rule.allowance.of.value, rule.cash_flow.value]
    return ".".join([*parts, "lock"] if rule.lock else parts)


def _inputs(
    rule: LossRule, floor: Floor | None, progress: Progress
) -> dict[str, Decimal | str | None]:
    digits = progress.digits or 0
    inputs: dict[str, Decimal | str | None] = {
        "initial": _money(progress.initial.value if progress.initial else None, digits),
        "anchor": _money(floor.anchor if floor else None, digits),
        "allowance": _money(floor.allowance if floor else None, digits),
        "percent": rule.allowance.percent,
        "warning": rule.warning,
        "critical": rule.critical,
    }
    if rule.cash_flow is CashFlow.SHIFT:
        inputs["flows"] = _money(floor.shift if floor else None, digits)
    if rule.lock is not None and progress.initial is not None:
        lock = progress.initial.value + to_minor(rule.lock.plus, digits)
        inputs["lock"] = _money(lock, digits)
    if floor is not None and floor.source:
        inputs["source"] = floor.source
    return inputs


def summarise(
    state: AccountState, connection_state: ConnectionState, schedule: Schedule, now: datetime
) -> Summary:
    """The seed's summary with what the contract adds. Unknown is None, never 0."""
    progress, phase = state.progress, state.life.rules_phase
    digits, newest = progress.digits or 0, progress.newest
    stands = _stands(state, now)
    daily = _nearest(stands, RuleKind.DAILY_LOSS)
    overall = _nearest(stands, RuleKind.OVERALL_LOSS)
    tally = state.tally
    initial = progress.initial
    change = newest.balance - initial.value if newest and initial else None
    reset_at = state.clock.next_reset(now) if _has(phase, RuleKind.DAILY_LOSS) else None
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
        dd_all_time_breached=_any_breached(stands, RuleKind.OVERALL_LOSS),
        dd_daily_used=d.used,
        dd_daily_limit=d.limit,
        dd_daily_used_pct=d.used_pct,
        dd_daily_used_worst=d.worst,
        dd_daily_floor=d.floor,
        dd_daily_headroom=d.headroom,
        dd_daily_breached=_any_breached(stands, RuleKind.DAILY_LOSS),
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
        next_reset=_next_reset(state, daily, now),
        coverage_unknown_seconds=_unknown_seconds(progress),
        violations=progress.violations,
        as_of=newest.observed_at if newest else None,
        sync_interval_seconds=schedule.interval_seconds,
        expected_lag_seconds=schedule.interval_seconds,
        worst_lag_seconds=progress.day.worst_lag_us / 1e6 if progress.day else None,
        stale_after_seconds=schedule.promise_seconds,
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


def _figures(stand: _Stand | None, digits: int) -> _Figures:
    if stand is None or stand.floor is None or stand.measured is None:
        return _Figures()
    floor, measured, own = stand.floor, stand.measured, stand.own
    worst = own.day_used if stand.rule.kind is RuleKind.DAILY_LOSS else own.worst_used
    return _Figures(
        used=_money(measured.used, digits),
        limit=_money(floor.allowance, digits),
        used_pct=percent_floor(measured.used, floor.allowance),
        worst=_money(worst, digits),
        floor=_money(floor.floor, digits),
        headroom=_money(measured.headroom, digits),
    )


def _nearest(stands: tuple[_Stand, ...], kind: RuleKind) -> _Stand | None:
    """The rule of that kind with the least headroom / allowance."""
    known = [s for s in stands if s.rule.kind is kind and s.floor and s.measured]
    return min(known, key=_room, default=None)


def _room(stand: _Stand) -> Fraction:
    if stand.floor is None or stand.measured is None or stand.floor.allowance == 0:
        return Fraction(0)
    return Fraction(stand.measured.headroom, stand.floor.allowance)


def _any_breached(stands: tuple[_Stand, ...], kind: RuleKind) -> bool:
    return any(stand.breached for stand in stands if stand.rule.kind is kind)


def _has(phase: Phase, kind: RuleKind) -> bool:
    return any(rule.kind is kind for rule in phase.rules)


def _net_result(progress: Progress, newest: Observation | None) -> int | None:
    """Balance - initial without the flows; from the last evaluated reading."""
    if progress.initial is None or progress.last is None or newest is None:
        return None
    return progress.last.balance - progress.initial.value - progress.flows


def _unknown_seconds(progress: Progress) -> float:
    today = progress.day.span.unknown if progress.day else 0
    return (progress.unknown_days_us + today) / 1e6


def _next_reset(state: AccountState, daily: _Stand | None, now: datetime) -> NextReset | None:
    """The floor at the next reset if the account stayed as it is, and the headroom then."""
    if not _has(state.life.rules_phase, RuleKind.DAILY_LOSS):
        return None
    at = state.clock.next_reset(now)
    progress, last = state.progress, state.progress.last
    if daily is None or last is None or progress.day is None or progress.digits is None:
        return NextReset(at, None, None)
    boundary = evolve(
        progress.day.boundary,
        sums=progress.sums,
        flat=not last.positions,
        floating=last.floating,
        qualified=True,
        sight=evolve(last, at=progress.day.boundary.at),
        initial=None,
    )
    then = evolve(progress, day=evolve(progress.day, boundary=boundary))
    family = FAMILIES[daily.rule.kind]
    own = family.new_day(daily.rule, daily.own, then)
    floor = family.floor_of(daily.rule, own, then)
    values = _values(progress)
    value = checked_of(daily.rule, values) if values else None
    if floor is None or value is None:
        return NextReset(at, None, None)
    digits = progress.digits
    return NextReset(at, _money(floor.floor, digits), _money(value - floor.floor, digits))


def _money(minor: int | None, digits: int) -> Decimal | None:
    return None if minor is None else to_decimal(minor, digits)
