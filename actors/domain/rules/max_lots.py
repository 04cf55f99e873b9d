"""Maximum lots: how much may be open in one position, or in all of them together."""

from decimal import Decimal
from enum import StrEnum
from typing import Any

from attrs import frozen

from actors.domain.phase_progress import ConductProgress
from actors.domain.plan import ConductRule, RuleKind
from actors.domain.plan_table import Table, decimal_text
from actors.domain.rules.conduct import Look, Looked, Scene, above, volumes
from actors.domain.rules.terms import conduct_document, rule_id_of, severity_of
from actors.domain.units import Unit, smallest


class LotsOf(StrEnum):
    """What the limit is for."""

    POSITION = "position"
    TOTAL = "total"


@frozen(kw_only=True)
class MaxLots(ConductRule):
    """At most ``lots``; buys and sells of hedging accounts add up, they do not offset."""

    lots: Decimal
    of: LotsOf = LotsOf.POSITION


def read(table: Table) -> MaxLots:
    """The rule from its table. Raises PlanError."""
    table.only(("id", "kind", "severity", "lots", "of"))
    return MaxLots(
        rule_id=rule_id_of(table),
        kind=RuleKind.MAX_LOTS,
        severity=severity_of(table),
        lots=table.above_zero("lots", 1_000_000),
        of=table.choice("of", LotsOf, LotsOf.POSITION),
    )


def document(rule: MaxLots) -> dict[str, Any]:
    """The rule as the canonical document keeps it."""
    return {**conduct_document(rule), "lots": decimal_text(rule.lots), "of": rule.of.value}


def limit(rule: MaxLots) -> int:
    """The most that may be open, in the smallest parts of a lot."""
    return smallest(rule.lots, Unit.LOTS)


def look(rule: MaxLots, own: ConductProgress, scene: Scene) -> Looked:
    """Open volume after the point's deals: the largest position's, or the sum."""
    sizes = [abs(volume) for volume in scene.open.values()]
    measured = sum(sizes, Decimal()) if rule.of is LotsOf.TOTAL else max(sizes, default=Decimal())
    value = smallest(measured, Unit.LOTS)
    return own, Look(value, above(value, limit(rule)), lambda: volumes(scene))
