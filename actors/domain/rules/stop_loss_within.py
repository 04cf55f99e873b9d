"""Stop-loss within N seconds of the opening, as far as readings can prove it.

A position seen open for longer than N seconds without a stop-loss breaks the rule. Between the
readings nothing is known, so that "no breach" stays unproven.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from attrs import frozen

from actors.domain.deals import DealEntry
from actors.domain.evolve import evolve
from actors.domain.ledger import Ledger
from actors.domain.phase_progress import ConductProgress
from actors.domain.plan import ConductRule, RuleKind
from actors.domain.plan_table import Table, decimal_text
from actors.domain.rules.conduct import Look, Looked, Scene, above, milliseconds
from actors.domain.rules.terms import conduct_document, rule_id_of, severity_of
from actors.domain.snapshot import OpenPosition
from actors.domain.units import Unit, smallest


@frozen(kw_only=True)
class StopLossWithin(ConductRule):
    """Every position has a stop-loss at the latest ``seconds`` after its opening."""

    seconds: Decimal


def read(table: Table) -> StopLossWithin:
    """The rule from its table. Raises PlanError."""
    table.only(("id", "kind", "severity", "seconds"))
    return StopLossWithin(
        rule_id=rule_id_of(table),
        kind=RuleKind.STOP_LOSS_WITHIN,
        severity=severity_of(table),
        seconds=table.above_zero("seconds", 86_400, decimals=3),
    )


def document(rule: StopLossWithin) -> dict[str, Any]:
    """The rule as the canonical document keeps it."""
    return {**conduct_document(rule), "seconds": decimal_text(rule.seconds)}


def limit(rule: StopLossWithin) -> int:
    """How long a position may be without a stop-loss, in milliseconds."""
    return smallest(rule.seconds, Unit.SECONDS)


def look(rule: StopLossWithin, own: ConductProgress, scene: Scene) -> Looked:
    """The longest time that a position in the reading has been open without a stop-loss."""
    bare = [p for p in scene.seen.positions if p.stop_loss is None] if scene.seen else []
    since = min((position.opened_at for position in bare), default=None)
    if since != own.since:
        own = evolve(own, since=since)
    value = 0 if since is None else milliseconds(scene.at - since)
    return own, Look(value, above(value, limit(rule)), lambda: _facts(scene, bare))


def _facts(scene: Scene, bare: Sequence[OpenPosition]) -> dict[str, Any]:
    return {
        "at": scene.at.isoformat(),
        "without_stop_loss": {str(p.position_id): p.opened_at.isoformat() for p in bare},
    }


def again(facts: Mapping[str, Any], before: Ledger, now: Ledger) -> int | None:
    """The recorded time by openings as the deals tell them now; a position without one is none.

    That a position had no stop-loss only the reading showed: its word stands.
    """
    bare = {int(position): told for position, told in facts.get("without_stop_loss", {}).items()}
    moved = {
        position: _opened_at(now, position)
        for position in bare
        if _opened_at(now, position) != _opened_at(before, position)
    }
    if not moved:
        return None
    at = datetime.fromisoformat(facts["at"])
    kept = [datetime.fromisoformat(told) for one, told in bare.items() if one not in moved]
    since = [*kept, *(opened for opened in moved.values() if opened is not None)]
    return milliseconds(at - min(since, default=at))


def _opened_at(ledger: Ledger, position: int) -> datetime | None:
    deals = ledger.position(position)
    return deals[0].occurred_at if deals and deals[0].entry is DealEntry.IN else None
