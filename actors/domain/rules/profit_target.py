"""Profit target: the phase's closed result reaches the target while no position is open."""

from typing import Any

from attrs import frozen

from actors.domain.phase_progress import ObjectiveProgress
from actors.domain.plan import Objective, RuleKind
from actors.domain.plan_table import Table
from actors.domain.rules.objective import Achieved, DayResult, Stand
from actors.domain.rules.terms import Amount, amount_of, objective_document, rule_id_of


@frozen(kw_only=True)
class ProfitTarget(Objective):
    """Closed result without flows of at least ``target``."""

    target: Amount


def read(table: Table) -> ProfitTarget:
    """The objective from its table. Raises PlanError."""
    table.only(("id", "kind", "target"))
    return ProfitTarget(
        rule_id=rule_id_of(table), kind=RuleKind.PROFIT_TARGET, target=amount_of(table, "target")
    )


def document(rule: ProfitTarget) -> dict[str, Any]:
    """The objective as the canonical document keeps it."""
    return {**objective_document(rule), "target": rule.target.document()}


def day_ended(
    rule: ProfitTarget, own: ObjectiveProgress, day: DayResult, initial: int
) -> ObjectiveProgress:
    """A day's end changes nothing: the result is the phase's."""
    return own


def stand(rule: ProfitTarget, own: ObjectiveProgress, achieved: Achieved) -> Stand:
    """Closed result against the target; with a position open it is not met."""
    target = rule.target.minor(achieved.initial, achieved.digits)
    remaining = max(0, target - achieved.result)
    return Stand(achieved.result, target, remaining, remaining == 0 and achieved.flat)
