"""Plan files: TOML read strictly into a plan, and the canonical document a plan is kept as.

Every refusal names the file, the field's path and the allowed values. Numbers are decimals from
the first byte on. The content hash is the SHA-256 of the canonical JSON document, which is stored
in ``Plan.document`` and from which the same plan can be read again.
"""

import json
import re
import tomllib
from decimal import Decimal
from hashlib import sha256
from typing import Any

from attrs import evolve

from actors.domain.plan import (
    ConductRule,
    LossRule,
    Objective,
    Phase,
    Plan,
    Reset,
    RuleKind,
)
from actors.domain.plan_table import PlanError, Table
from actors.domain.rules import loss_terms
from actors.domain.rules.families import CONDUCT, FAMILIES, OBJECTIVES
from actors.domain.rules.terms import clock_time

__all__ = ["PlanError", "parse_plan", "plan_from_document"]

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def parse_plan(text: str, source: str) -> Plan:
    """Read a plan file's text. Raises PlanError; ``source`` is the file's name for messages."""
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"{source}: not valid TOML: {error}") from error
    return _plan(Table(source, "", document))


def plan_from_document(text: str) -> Plan:
    """Read a plan again from its canonical document. Raises PlanError."""
    try:
        document = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise PlanError(f"plan document: not valid JSON: {error}") from error
    if not isinstance(document, dict):
        raise PlanError("plan document: must be an object")
    return _plan(Table("plan document", "", document, canonical=True))


def _plan(root: Table) -> Plan:
    root.only(("name", "title", "version", "reset", "phases"))
    name = root.text("name")
    if not _NAME.fullmatch(name):
        raise root.refuse("name", "lower-case letters, digits and hyphens, at most 63 characters")
    version = root.whole("version", 1, 1_000_000)
    phases = tuple(_phase(table) for table in root.tables("phases"))
    _once(root, "phases", "name", [phase.name for phase in phases])
    reset = _reset(root.table("reset", {}))
    plan = Plan(name, version, root.text("title"), reset, phases, "", "")
    document = _canonical(plan)
    return evolve(plan, document=document, content_hash=sha256(document.encode()).hexdigest())


def _reset(table: Table) -> Reset:
    table.only(("at", "zone"))
    return Reset(clock_time(table, "at", "01:30"), table.zone("zone", "Asia/Tehran"))


def _phase(table: Table) -> Phase:
    table.only(("name", "rules"))
    tables = table.tables("rules")
    rules = [_rule(one) for one in tables]
    _once(table, "rules", "id", [rule.rule_id for rule in rules])
    loss = tuple(rule for rule in rules if isinstance(rule, LossRule))
    if not loss:
        raise table.refuse("rules", "a phase needs at least one of: daily_loss, overall_loss")
    return Phase(
        name=table.text("name"),
        rules=loss,
        conduct=tuple(rule for rule in rules if isinstance(rule, ConductRule)),
        objectives=tuple(rule for rule in rules if isinstance(rule, Objective)),
    )


def _rule(table: Table) -> LossRule | ConductRule | Objective:
    kind = table.choice("kind", RuleKind)
    if kind in FAMILIES:
        return loss_terms.read(table, kind)
    rule: ConductRule | Objective = (CONDUCT if kind in CONDUCT else OBJECTIVES)[kind].read(table)
    return rule


def _once(table: Table, key: str, field: str, names: list[str]) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise table.refuse(f"{key}[{index}].{field}", f"{name!r} is used twice")


def _canonical(plan: Plan) -> str:
    """One text for one plan: every default written out, keys sorted, numbers normalised."""
    document = {
        "name": plan.name,
        "title": plan.title,
        "version": plan.version,
        "reset": {"at": plan.reset.at.strftime("%H:%M"), "zone": plan.reset.zone},
        "phases": [{"name": phase.name, "rules": _rules(phase)} for phase in plan.phases],
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _rules(phase: Phase) -> list[dict[str, Any]]:
    return [
        *(loss_terms.document(rule) for rule in phase.rules),
        *(CONDUCT[rule.kind].document(rule) for rule in phase.conduct),
        *(OBJECTIVES[rule.kind].document(rule) for rule in phase.objectives),
    ]
