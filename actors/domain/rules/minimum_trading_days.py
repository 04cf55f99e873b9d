"""Minimum trading days: how many rule days count as traded, by the plan's definition of one."""

from decimal import Decimal
from enum import StrEnum
from typing import Any

from attrs import frozen

from actors.domain.evolve import evolve
from actors.domain.money import share_ceil
from actors.domain.phase_progress import ObjectiveProgress
from actors.domain.plan import Objective, RuleKind
from actors.domain.plan_table import Table, decimal_text
from actors.domain.rules.objective import Achieved, DayResult, Stand
from actors.domain.rules.terms import objective_document, rule_id_of


class Counted(StrEnum):
    """What makes a rule day a trading day.

    A position opened, one closed, or the day's closed result: a gain of some percent of the
    initial balance (``gain``), or a gain or loss of that size (``abs``).
    """

    OPENED = "opened"
    CLOSED = "closed"
    GAIN = "gain"
    ABS = "abs"


_BY_RESULT = (Counted.GAIN, Counted.ABS)


@frozen(kw_only=True)
class MinimumTradingDays(Objective):
    """At least ``days``; ``percent`` of the initial balance where the result counts."""

    days: int
    counted: Counted
    percent: Decimal | None


def read(table: Table) -> MinimumTradingDays:
    """The objective from its table. Raises PlanError."""
    table.only(("id", "kind", "days", "counted", "percent"))
    counted = table.choice("counted", Counted, Counted.OPENED)
    by_result = counted in _BY_RESULT
    if "percent" in table.fields and not by_result:
        raise table.refuse("percent", "allowed with counted: gain, abs")
    return MinimumTradingDays(
        rule_id=rule_id_of(table),
        kind=RuleKind.MINIMUM_TRADING_DAYS,
        days=table.whole("days", 1, 365),
        counted=counted,
        percent=table.above_zero("percent", 100) if by_result else None,
    )


def document(rule: MinimumTradingDays) -> dict[str, Any]:
    """The objective as the canonical document keeps it."""
    told = {**objective_document(rule), "days": rule.days, "counted": rule.counted.value}
    return told if rule.percent is None else {**told, "percent": decimal_text(rule.percent)}


def day_ended(
    rule: MinimumTradingDays, own: ObjectiveProgress, day: DayResult, initial: int
) -> ObjectiveProgress:
    """One more when the day counts."""
    return evolve(own, days=own.days + 1) if counts(rule, day, initial) else own


def counts(rule: MinimumTradingDays, day: DayResult, initial: int) -> bool:
    """True when the day is a trading day; x % is rounded up to a minor unit."""
    if rule.counted is Counted.OPENED:
        return day.opened > 0
    if rule.counted is Counted.CLOSED:
        return day.closed > 0
    result = abs(day.result) if rule.counted is Counted.ABS else day.result
    return result >= share_ceil(rule.percent or Decimal(0), initial)


def stand(rule: MinimumTradingDays, own: ObjectiveProgress, achieved: Achieved) -> Stand:
    """Days that count so far, today as it stands."""
    value = own.days + counts(rule, achieved.today, achieved.initial)
    remaining = max(0, rule.days - value)
    return Stand(value, rule.days, remaining, remaining == 0)
