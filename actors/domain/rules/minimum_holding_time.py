"""Minimum holding time: no closing deal sooner than N seconds after the position's opening."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from itertools import takewhile
from typing import Any

from attrs import frozen

from actors.domain.deals import Deal, DealEntry
from actors.domain.ledger import signed_volume
from actors.domain.phase_progress import ConductProgress
from actors.domain.plan import ConductRule, RuleKind
from actors.domain.plan_table import Table, decimal_text
from actors.domain.rule_day import Level
from actors.domain.rules.conduct import Look, Looked, Scene, milliseconds
from actors.domain.rules.terms import conduct_document, rule_id_of, severity_of
from actors.domain.units import Unit, smallest


@frozen(kw_only=True)
class MinimumHoldingTime(ConductRule):
    """A position is held for ``seconds`` at least; every closing deal counts, partial ones too."""

    seconds: Decimal


def read(table: Table) -> MinimumHoldingTime:
    """The rule from its table. Raises PlanError."""
    table.only(("id", "kind", "severity", "seconds"))
    return MinimumHoldingTime(
        rule_id=rule_id_of(table),
        kind=RuleKind.MINIMUM_HOLDING_TIME,
        severity=severity_of(table),
        seconds=table.above_zero("seconds", 86_400, decimals=3),
    )


def document(rule: MinimumHoldingTime) -> dict[str, Any]:
    """The rule as the canonical document keeps it."""
    return {**conduct_document(rule), "seconds": decimal_text(rule.seconds)}


def limit(rule: MinimumHoldingTime) -> int:
    """The shortest time that a position may be held, in milliseconds."""
    return smallest(rule.seconds, Unit.SECONDS)


def look(rule: MinimumHoldingTime, own: ConductProgress, scene: Scene) -> Looked:
    """The shortest time that a closing deal of the point ended; unknown openings are left out."""
    held = []
    for deal in scene.deals:
        since = _opened_at(deal, scene.ledger.position(deal.position_id))
        if since is not None:
            held.append((milliseconds(deal.occurred_at - since), deal, since))
    if not held:
        return own, None
    value, deal, since = min(held, key=lambda one: (one[0], one[1].ticket))
    level = Level.BREACH if value < limit(rule) else Level.OK
    return own, Look(value, level, lambda: _facts(deal, since))


def _facts(closing: Deal, since: datetime) -> dict[str, Any]:
    return {
        "position_id": closing.position_id,
        "ticket": closing.ticket,
        "opened_at": since.isoformat(),
        "closed_at": closing.occurred_at.isoformat(),
    }


def _opened_at(closing: Deal, deals: Iterable[Deal]) -> datetime | None:
    """When the position that ``closing`` takes from was opened; None if it closes nothing known.

    A reversal closes what was open and opens the next position of the same id. Once a close has an
    unknown opening nobody knows what was open since when.
    """
    net, since = Decimal(), None
    for deal in takewhile(lambda one: one.ticket != closing.ticket, deals):
        was, net = net, net + signed_volume(deal)
        if not was and deal.entry in (DealEntry.OUT, DealEntry.OUT_BY):
            return None
        if net and was * net <= 0:
            since = deal.occurred_at
    left = net + signed_volume(closing)
    return since if abs(left) < abs(net) or net * left < 0 else None
