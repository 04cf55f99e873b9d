"""Drawdown arithmetic: shifts, allowances, floors, headroom, used, level (RULES 2). Exact."""

from decimal import Decimal

from attrs import frozen

from actors.domain.anchor import Graded
from actors.domain.ledger import Sums
from actors.domain.money import money_ceil, money_floor, reaches_share, share_ceil
from actors.domain.plan import AllowanceOf, CashFlow, Checked, Credit, LossRule, Operator
from actors.domain.rule_day import AnchorGrade, Level


@frozen
class Values:
    """An account at one point, in minor units. ``equity`` is without credit, None if unknown."""

    balance: int
    equity: int | None
    credit: int = 0


@frozen
class Floor:
    """A rule's floor at one point, in minor units.

    ``anchor`` is on the shifted scale (value - shift); ``floor`` = anchor, locked, - allowance
    + ``shift``. ``sure`` is the floor that the lowest possible anchor gives, None when unknown.
    """

    anchor: int
    allowance: int
    shift: int
    floor: int
    sure: int | None
    grade: AnchorGrade
    source: str


@frozen
class Measure:
    """A checked value held against a floor. ``crossed`` by the rule's operator."""

    value: int
    headroom: int
    used: int
    level: Level
    crossed: bool
    surely: bool


def shift_since(rule: LossRule, start: Sums, now: Sums) -> int:
    """C(t): the flows since ``start`` (RULES 2); 0 where the rule keeps its floor."""
    if rule.cash_flow is CashFlow.KEEP:
        return 0
    shift = now.flows - start.flows
    return shift + now.credit - start.credit if rule.credit is Credit.INCLUDED else shift


def equity_of(rule: LossRule, values: Values) -> int | None:
    """Equity as the rule counts it: without credit unless the plan includes it."""
    if values.equity is None or rule.credit is Credit.EXCLUDED:
        return values.equity
    return values.equity + values.credit


def checked_of(rule: LossRule, values: Values) -> int | None:
    """The value held against the floor, None where it is not known at this point.

    Where equity is unknown, ``worst`` is at most the balance, so the balance is checked.
    """
    equity = equity_of(rule, values)
    if rule.checked is Checked.EQUITY:
        return equity
    if rule.checked is Checked.BALANCE or equity is None:
        return values.balance
    return min(values.balance, equity)


def allowance_of(rule: LossRule, initial: int, anchor: int, digits: int) -> int:
    """How much may be lost, rounded up to a minor unit."""
    allowance = rule.allowance
    if allowance.of is AllowanceOf.FIXED or allowance.percent is None:
        return money_ceil(allowance.money or Decimal(0), digits)
    base = anchor if allowance.of is AllowanceOf.ANCHOR else initial
    return share_ceil(allowance.percent, base)


def floor_from(
    rule: LossRule, initial: int, digits: int, shift: int, anchor: Graded, *, provable: bool = True
) -> Floor:
    """min(lock, anchor - allowance) + shift, for the anchor and for the least it can have been.

    ``provable`` False leaves the sure floor unknown, whatever the anchor's grade.
    """
    allowance = allowance_of(rule, initial, anchor.value, digits)
    floor = _under(rule, initial, digits, anchor.value, allowance) + shift
    sure: int | None = None
    if provable and anchor.sure == anchor.value:
        sure = floor
    elif provable and anchor.sure is not None:
        least = allowance_of(rule, initial, anchor.sure, digits)
        sure = _under(rule, initial, digits, anchor.sure, least) + shift
    return Floor(anchor.value, allowance, shift, floor, sure, anchor.grade, anchor.source)


def _under(rule: LossRule, initial: int, digits: int, anchor: int, allowance: int) -> int:
    floor = anchor - allowance
    lock = lock_of(rule, initial, digits)
    return floor if lock is None else min(lock, floor)


def lock_of(rule: LossRule, initial: int, digits: int) -> int | None:
    """Where a trailing floor stops, in minor units; None without a lock.

    Between two minor units it is the lower one, as for every floor (the allowance rounds up).
    """
    return None if rule.lock is None else initial + money_floor(rule.lock.plus, digits)


def measure(rule: LossRule, floor: Floor, value: int) -> Measure:
    """Headroom, used and level of ``value``; breach by the operator only."""
    headroom = value - floor.floor
    used = max(0, floor.allowance - headroom)
    crossed = crosses(rule, value, floor.floor)
    surely = crossed and floor.sure is not None and crosses(rule, value, floor.sure)
    return Measure(value, headroom, used, _level(rule, floor, used, crossed), crossed, surely)


def crosses(rule: LossRule, value: int, floor: int) -> bool:
    """True when ``value`` crossed ``floor`` by the rule's operator."""
    return value < floor if rule.operator is Operator.BELOW else value <= floor


def _level(rule: LossRule, floor: Floor, used: int, crossed: bool) -> Level:
    if crossed:
        return Level.BREACH
    if reaches_share(used, rule.critical, floor.allowance):
        return Level.CRITICAL
    if reaches_share(used, rule.warning, floor.allowance):
        return Level.WARNING
    return Level.OK
