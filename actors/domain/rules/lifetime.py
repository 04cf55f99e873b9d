"""Lifetime: the phase ends at the latest so many days after its start or its first trade."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from attrs import frozen

from actors.domain.evolve import evolve
from actors.domain.phase_progress import ConductProgress
from actors.domain.plan import ConductRule, RuleKind
from actors.domain.plan_table import Table
from actors.domain.rules.conduct import Looked, Scene, milliseconds
from actors.domain.rules.elapsed import elapsed, next_of
from actors.domain.rules.terms import conduct_document, rule_id_of, severity_of


class RunsFrom(StrEnum):
    """From when the time runs."""

    START = "start"
    FIRST_TRADE = "first_trade"


@frozen(kw_only=True)
class Lifetime(ConductRule):
    """Breach ``days`` × 24 h after the start of the life, or after its first trade deal."""

    days: int
    warning_days: int | None
    runs_from: RunsFrom


def read(table: Table) -> Lifetime:
    """The rule from its table. Raises PlanError."""
    table.only(("id", "kind", "severity", "days", "warning_days", "from"))
    days = table.whole("days", 1, 3650)
    warned = "warning_days" in table.fields
    return Lifetime(
        rule_id=rule_id_of(table),
        kind=RuleKind.LIFETIME,
        severity=severity_of(table),
        days=days,
        warning_days=table.whole("warning_days", 1, days) if warned else None,
        runs_from=table.choice("from", RunsFrom, RunsFrom.START),
    )


def document(rule: Lifetime) -> dict[str, Any]:
    """The rule as the canonical document keeps it."""
    told = {**conduct_document(rule), "days": rule.days, "from": rule.runs_from.value}
    return told if rule.warning_days is None else {**told, "warning_days": rule.warning_days}


def limit(rule: Lifetime) -> int:
    """How long the phase may last, in milliseconds."""
    return milliseconds(timedelta(days=rule.days))


def look(rule: Lifetime, own: ConductProgress, scene: Scene) -> Looked:
    """The time since the start, or since the first trade deal."""
    if own.since is None:
        begins = bool(scene.deals) or rule.runs_from is RunsFrom.START
        return (evolve(own, since=scene.at), None) if begins else (own, None)
    return own, elapsed(rule.days, rule.warning_days, own.since, scene)


def next_at(rule: Lifetime, own: ConductProgress, scene: Scene) -> datetime | None:
    """When the warning, then the breach is due."""
    return next_of(rule.days, rule.warning_days, own.since, scene)
