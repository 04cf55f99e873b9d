"""Consistency: no single day may bring more than a share of the whole profit. Never a failure."""

from decimal import Decimal
from typing import Any

from attrs import frozen

from actors.domain.evolve import evolve
from actors.domain.phase_progress import ObjectiveProgress
from actors.domain.plan import Objective, RuleKind
from actors.domain.plan_table import Table, decimal_text
from actors.domain.rules.objective import Achieved, DayResult, Stand
from actors.domain.rules.terms import objective_document, rule_id_of


@frozen(kw_only=True)
class Consistency(Objective):
    """The best day brings at most ``percent`` (0-100) of the total, which is above 0."""

    percent: Decimal


def read(table: Table) -> Consistency:
    """The objective from its table. Raises PlanError."""
    table.only(("id", "kind", "percent"))
    return Consistency(
        rule_id=rule_id_of(table),
        kind=RuleKind.CONSISTENCY,
        percent=table.above_zero("percent", 100),
    )


def document(rule: Consistency) -> dict[str, Any]:
    """The objective as the canonical document keeps it."""
    return {**objective_document(rule), "percent": decimal_text(rule.percent)}


def day_ended(
    rule: Consistency, own: ObjectiveProgress, day: DayResult, initial: int
) -> ObjectiveProgress:
    """The best day so far."""
    return evolve(own, best=_best(own, day))


def stand(rule: Consistency, own: ObjectiveProgress, achieved: Achieved) -> Stand:
    """The total against what the best day asks for: ⌈best ÷ X⌉, still needed that less the total.

    Passes iff total > 0 and best ≤ X × total; the best day may be today.
    """
    best, total = _best(own, achieved.today), achieved.total
    numerator, denominator = rule.percent.as_integer_ratio()
    asked = -(-best * 100 * denominator // numerator)
    met = total > 0 and best * 100 * denominator <= numerator * total
    return Stand(total, asked, max(0, asked - total), met, {"best": best})


def _best(own: ObjectiveProgress, day: DayResult) -> int:
    return day.result if own.best is None else max(own.best, day.result)
