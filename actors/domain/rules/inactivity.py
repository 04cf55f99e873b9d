"""Inactivity: too many days without a trade deal; first a warning, then a breach."""

from datetime import datetime, timedelta
from typing import Any

from attrs import frozen

from actors.domain.evolve import evolve
from actors.domain.phase_progress import ConductProgress
from actors.domain.plan import ConductRule, RuleKind
from actors.domain.plan_table import Table
from actors.domain.rule_day import Level
from actors.domain.rules.conduct import Looked, Scene, milliseconds
from actors.domain.rules.elapsed import elapsed, next_of
from actors.domain.rules.terms import conduct_document, rule_id_of, severity_of


@frozen(kw_only=True)
class Inactivity(ConductRule):
    """Breach ``days`` × 24 h after the last trade deal (or the start); warning before that."""

    days: int
    warning_days: int | None


def read(table: Table) -> Inactivity:
    """The rule from its table. Raises PlanError."""
    table.only(("id", "kind", "severity", "days", "warning_days"))
    days = table.whole("days", 1, 3650)
    warned = "warning_days" in table.fields
    return Inactivity(
        rule_id=rule_id_of(table),
        kind=RuleKind.INACTIVITY,
        severity=severity_of(table),
        days=days,
        warning_days=table.whole("warning_days", 1, days) if warned else None,
    )


def document(rule: Inactivity) -> dict[str, Any]:
    """The rule as the canonical document keeps it."""
    told = {**conduct_document(rule), "days": rule.days}
    return told if rule.warning_days is None else {**told, "warning_days": rule.warning_days}


def limit(rule: Inactivity) -> int:
    """The longest time without a trade deal, in milliseconds."""
    return milliseconds(timedelta(days=rule.days))


def look(rule: Inactivity, own: ConductProgress, scene: Scene) -> Looked:
    """The time since the last trade deal; a trade starts it anew and opens the latch."""
    if scene.deals or own.since is None:
        fresh = evolve(own, since=scene.at, recorded=(), breached_value=None)
        return evolve(fresh, level=Level.OK, value=0), None
    return own, elapsed(rule.days, rule.warning_days, own.since, scene)


def next_at(rule: Inactivity, own: ConductProgress, scene: Scene) -> datetime | None:
    """When the warning, then the breach is due."""
    return next_of(rule.days, rule.warning_days, own.since, scene)
