"""Maximum positions: how many may be open at the same time."""

from typing import Any

from attrs import frozen

from actors.domain.phase_progress import ConductProgress
from actors.domain.plan import ConductRule, RuleKind
from actors.domain.plan_table import Table
from actors.domain.rules.conduct import Look, Looked, Scene, above, volumes
from actors.domain.rules.terms import conduct_document, rule_id_of, severity_of


@frozen(kw_only=True)
class MaxPositions(ConductRule):
    """At most ``positions`` open at once."""

    positions: int


def read(table: Table) -> MaxPositions:
    """The rule from its table. Raises PlanError."""
    table.only(("id", "kind", "severity", "positions"))
    return MaxPositions(
        rule_id=rule_id_of(table),
        kind=RuleKind.MAX_POSITIONS,
        severity=severity_of(table),
        positions=table.whole("positions", 1, 10_000),
    )


def document(rule: MaxPositions) -> dict[str, Any]:
    """The rule as the canonical document keeps it."""
    return {**conduct_document(rule), "positions": rule.positions}


def limit(rule: MaxPositions) -> int:
    """The most positions that may be open."""
    return rule.positions


def look(rule: MaxPositions, own: ConductProgress, scene: Scene) -> Looked:
    """Positions open after the point's deals."""
    value = len(scene.open)
    return own, Look(value, above(value, limit(rule)), lambda: volumes(scene))
