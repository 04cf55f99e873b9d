"""How the loss rules of a phase stand, for readers: money, formula code and inputs (RULES 2)."""

from decimal import Decimal

from actors.domain.drawdown import Floor, lock_of
from actors.domain.loss_stands import LossStand
from actors.domain.money import percent_floor, to_decimal
from actors.domain.plan import CashFlow, LossRule, RuleKind
from actors.domain.progress import Progress
from actors.domain.rule_day import AnchorGrade, Level
from actors.domain.summary import Proof, RuleGroup, RuleStanding, RuleState
from actors.domain.units import Unit


def loss_standing(stand: LossStand, progress: Progress) -> RuleStanding:
    """The rule as readers see it."""
    rule, own, digits = stand.rule, stand.own, progress.digits or 0
    floor, measured = stand.floor, stand.measured
    daily = stand.is_daily
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
        worst=_money(own.day_worst if daily else own.worst, digits),
        worst_used=_money(stand.worst_used, digits),
        breached=stand.breached,
        grade=_grade(rule, floor),
        rule_date=progress.day.date if daily and progress.day else None,
        formula=_formula(rule),
        inputs=_inputs(rule, floor, progress),
        group=RuleGroup.LOSS,
        unit=Unit.MONEY,
        state=_state(stand),
        proof=_proof(stand, progress),
        limit=None,
        target=None,
        remaining=None,
    )


def _state(stand: LossStand) -> RuleState:
    if stand.breached:
        return RuleState.BREACH
    return RuleState.UNKNOWN if stand.measured is None else RuleState(stand.own.level.value)


def _proof(stand: LossStand, progress: Progress) -> Proof:
    if stand.floor is None or stand.measured is None:
        return Proof.UNKNOWN
    if not stand.breached and stand.rule.moves_with_prices and _unseen(stand, progress):
        return Proof.UNKNOWN
    return Proof.PROVEN if stand.floor.sure == stand.floor.floor else Proof.POSSIBLE


def _unseen(stand: LossStand, progress: Progress) -> bool:
    """True when a gap lies in the time that the rule is about: its day, or the life."""
    today = progress.day.span.unknown if progress.day else 0
    return today > 0 or (not stand.is_daily and progress.unknown_days_us > 0)


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
        inputs["lock"] = _money(lock_of(rule, progress.initial.value, digits), digits)
    if floor is not None and floor.source:
        inputs["source"] = floor.source
    return inputs


def _money(minor: int | None, digits: int) -> Decimal | None:
    return None if minor is None else to_decimal(minor, digits)
