"""Plan files: TOML read strictly into a plan, and the canonical document a plan is kept as.

Every refusal names the file, the field's path and the allowed values. Numbers are decimals from
the first byte on. The content hash is the SHA-256 of the canonical JSON document, which is stored
in ``Plan.document`` and from which the same plan can be read again.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import time, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import evolve, frozen

from actors.domain.plan import (
    Allowance,
    AllowanceOf,
    Anchor,
    CashFlow,
    Checked,
    Credit,
    Lock,
    LossRule,
    Operator,
    Phase,
    Plan,
    Reset,
    RuleKind,
    RuleSeverity,
)

E = TypeVar("E", bound=StrEnum)

_NAME = re.compile(r"^[a-z0-9][a-z0-9-]{0,62}$")
_CLOCK = re.compile(r"^([01][0-9]|2[0-3]):([0-5][0-9])$")
_DAILY = (
    Anchor.EQUITY,
    Anchor.BALANCE,
    Anchor.MAX_BALANCE_EQUITY,
    Anchor.INITIAL,
    Anchor.HIGH,
    Anchor.EOD_HIGH,
)
_OVERALL = (Anchor.INITIAL, Anchor.EQUITY_HIGH, Anchor.BALANCE_HIGH, Anchor.EOD_HIGH)
_TRAILING = (Anchor.HIGH, Anchor.EOD_HIGH, Anchor.EQUITY_HIGH, Anchor.BALANCE_HIGH)
_RULE_FIELDS = (
    "id",
    "kind",
    "anchor",
    "allowance",
    "checked",
    "operator",
    "lock",
    "eod_of",
    "levels",
    "severity",
    "cash_flow",
    "credit",
    "observed_max_age_seconds",
)


class PlanError(ValueError):
    """A plan document that is refused: says which file, which field, and what is allowed."""


@frozen
class _Table:
    """One table of the document with where it stands, so that a refusal can name the field."""

    source: str
    path: str
    fields: Mapping[str, Any]

    def refuse(self, key: str, why: str) -> PlanError:
        return PlanError(f"{self.source}: {self.at(key)}: {why}")

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def only(self, allowed: Iterable[str]) -> None:
        names = list(allowed)
        for key in self.fields:
            if key not in names:
                raise self.refuse(key, f"unknown field; allowed: {', '.join(names)}")

    def table(self, key: str, default: Mapping[str, Any] | None = None) -> "_Table":
        value = self.fields.get(key, default)
        if not isinstance(value, Mapping):
            raise self.refuse(key, "must be a table")
        return _Table(self.source, self.at(key), value)

    def tables(self, key: str) -> list["_Table"]:
        value = self.fields.get(key)
        if not isinstance(value, list) or not value:
            raise self.refuse(key, "must be a list with at least one table")
        if not all(isinstance(item, Mapping) for item in value):
            raise self.refuse(key, "must hold tables only")
        return [_Table(self.source, f"{self.at(key)}[{i}]", item) for i, item in enumerate(value)]

    def text(self, key: str, default: str | None = None) -> str:
        value = self.fields.get(key, default)
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(key, "must be text")
        return value

    def number(self, key: str, default: Decimal | None = None) -> Decimal:
        value = self.fields.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.refuse(key, "must be a number")
        number = Decimal(value)
        if not number.is_finite():
            raise self.refuse(key, "must be a finite number")
        return number

    def choice(self, key: str, allowed: Iterable[E], default: E | None = None) -> E:
        values = list(allowed)
        value = self.fields.get(key, default)
        for one in values:
            if value == one.value:
                return one
        names = ", ".join(one.value for one in values)
        raise self.refuse(key, f"{'missing' if value is None else repr(value)}; allowed: {names}")


def parse_plan(text: str, source: str) -> Plan:
    """Read a plan file's text. Raises PlanError; ``source`` is the file's name for messages."""
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"{source}: not valid TOML: {error}") from error
    return _plan(_Table(source, "", document))


def plan_from_document(text: str) -> Plan:
    """Read a plan again from its canonical document. Raises PlanError."""
    try:
        document = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise PlanError(f"plan document: not valid JSON: {error}") from error
    if not isinstance(document, dict):
        raise PlanError("plan document: must be an object")
    return _plan(_Table("plan document", "", _numbers(document)))


def _plan(root: _Table) -> Plan:
    root.only(("name", "title", "version", "reset", "phases"))
    name = root.text("name")
    if not _NAME.match(name):
        raise root.refuse("name", "lower-case letters, digits and hyphens, at most 63 characters")
    version = root.number("version")
    if version < 1 or version != version.to_integral_value():
        raise root.refuse("version", "must be a whole number from 1 on")
    phases = tuple(_phase(table) for table in root.tables("phases"))
    _once(root, "phases", "name", [phase.name for phase in phases])
    reset = _reset(root.table("reset", {}))
    plan = Plan(name, int(version), root.text("title"), reset, phases, "", "")
    document = _canonical(plan)
    return evolve(plan, document=document, content_hash=sha256(document.encode()).hexdigest())


def _reset(table: _Table) -> Reset:
    table.only(("at", "zone"))
    at = table.text("at", "01:30")
    match = _CLOCK.match(at)
    if match is None:
        raise table.refuse("at", f"{at!r}; allowed: HH:MM from 00:00 to 23:59")
    zone = table.text("zone", "Asia/Tehran")
    if zone != "server":
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise table.refuse("zone", f"{zone!r}; allowed: an IANA name, or server") from error
    return Reset(time(int(match[1]), int(match[2])), zone)


def _phase(table: _Table) -> Phase:
    table.only(("name", "rules"))
    rules = tuple(_rule(rule) for rule in table.tables("rules"))
    _once(table, "rules", "id", [rule.rule_id for rule in rules])
    return Phase(table.text("name"), rules)


def _once(table: _Table, key: str, field: str, names: list[str]) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise table.refuse(f"{key}[{index}].{field}", f"{name!r} is used twice")


def _rule(table: _Table) -> LossRule:
    table.only(_RULE_FIELDS)
    rule_id = table.text("id")
    if not _NAME.match(rule_id.replace("_", "-")):
        raise table.refuse("id", "lower-case letters, digits, hyphens and underscores")
    kind = table.choice("kind", RuleKind)
    daily = kind is RuleKind.DAILY_LOSS
    anchor = table.choice("anchor", _DAILY if daily else _OVERALL, _default_anchor(kind))
    warning, critical = _levels(table)
    return LossRule(
        rule_id=rule_id,
        kind=kind,
        anchor=anchor,
        allowance=_allowance(table.table("allowance")),
        checked=table.choice("checked", Checked, Checked.EQUITY),
        operator=table.choice("operator", Operator, Operator.AT_OR_BELOW),
        lock=_lock(table, anchor),
        eod_of=_eod_of(table, anchor),
        warning=warning,
        critical=critical,
        severity=table.choice("severity", RuleSeverity, RuleSeverity.HARD),
        cash_flow=table.choice("cash_flow", CashFlow, CashFlow.SHIFT if daily else None),
        credit=table.choice("credit", Credit, Credit.EXCLUDED),
        observed_max_age=_max_age(table),
    )


def _default_anchor(kind: RuleKind) -> Anchor:
    return Anchor.EQUITY if kind is RuleKind.DAILY_LOSS else Anchor.INITIAL


def _allowance(table: _Table) -> Allowance:
    table.only(("percent", "of", "money"))
    if "money" in table.fields:
        if "percent" in table.fields or table.fields.get("of", "fixed") != "fixed":
            raise table.refuse(
                "money", "fixed money stands alone; allowed: money, or percent and of"
            )
        money = table.number("money")
        if money <= 0:
            raise table.refuse("money", "must be above 0")
        return Allowance(AllowanceOf.FIXED, money=money)
    of = table.choice("of", (AllowanceOf.INITIAL, AllowanceOf.ANCHOR), AllowanceOf.INITIAL)
    percent = table.number("percent")
    if not 0 < percent <= 100:
        raise table.refuse("percent", f"{percent}; allowed: above 0 up to 100")
    return Allowance(of, percent=percent)


def _lock(table: _Table, anchor: Anchor) -> Lock | None:
    if "lock" not in table.fields:
        return None
    if anchor not in _TRAILING:
        names = ", ".join(one.value for one in _TRAILING)
        raise table.refuse("lock", f"only a trailing floor can stop; allowed with anchor: {names}")
    lock = table.table("lock")
    lock.only(("plus",))
    plus = lock.number("plus", Decimal(0))
    if plus < 0:
        raise lock.refuse("plus", "must not be below 0")
    return Lock(plus)


def _eod_of(table: _Table, anchor: Anchor) -> Checked:
    if "eod_of" in table.fields and anchor is not Anchor.EOD_HIGH:
        raise table.refuse("eod_of", "allowed with anchor eod_high only")
    return table.choice("eod_of", Checked, Checked.BALANCE)


def _levels(table: _Table) -> tuple[Decimal, Decimal]:
    levels = table.table("levels", {})
    levels.only(("warning", "critical"))
    warning = levels.number("warning", Decimal("0.70"))
    critical = levels.number("critical", Decimal("0.90"))
    if not 0 < warning <= critical <= 1:
        raise table.refuse("levels", "allowed: 0 < warning <= critical <= 1")
    return warning, critical


def _max_age(table: _Table) -> timedelta:
    seconds = table.number("observed_max_age_seconds", Decimal(120))
    if not 0 < seconds <= 3600:
        raise table.refuse("observed_max_age_seconds", "allowed: above 0 up to 3600")
    return timedelta(microseconds=int(seconds * 1_000_000))


def _canonical(plan: Plan) -> str:
    """One text for one plan: every default written out, keys sorted, numbers normalised."""
    document = {
        "name": plan.name,
        "title": plan.title,
        "version": plan.version,
        "reset": {"at": plan.reset.at.strftime("%H:%M"), "zone": plan.reset.zone},
        "phases": [
            {"name": phase.name, "rules": [_rule_document(rule) for rule in phase.rules]}
            for phase in plan.phases
        ],
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _rule_document(rule: LossRule) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": rule.rule_id,
        "kind": rule.kind.value,
        "anchor": rule.anchor.value,
        "allowance": _allowance_document(rule.allowance),
        "checked": rule.checked.value,
        "operator": rule.operator.value,
        "levels": {"warning": _decimal(rule.warning), "critical": _decimal(rule.critical)},
        "severity": rule.severity.value,
        "cash_flow": rule.cash_flow.value,
        "credit": rule.credit.value,
        "observed_max_age_seconds": _decimal(
            Decimal(rule.observed_max_age // timedelta(microseconds=1)) / 1_000_000
        ),
    }
    if rule.lock is not None:
        document["lock"] = {"plus": _decimal(rule.lock.plus)}
    if rule.anchor is Anchor.EOD_HIGH:
        document["eod_of"] = rule.eod_of.value
    return document


def _allowance_document(allowance: Allowance) -> dict[str, str]:
    if allowance.money is not None:
        return {"money": _decimal(allowance.money)}
    return {"percent": _decimal(allowance.percent or Decimal()), "of": allowance.of.value}


def _decimal(number: Decimal) -> str:
    """A decimal as text, the same for 5, 5.0 and 5.00."""
    return f"{number.normalize():f}"


_NUMBER_FIELDS = frozenset(
    {"percent", "money", "plus", "warning", "critical", "observed_max_age_seconds"}
)


def _numbers(value: Any, key: str = "") -> Any:
    """The canonical document with its decimal texts turned back into numbers."""
    if isinstance(value, dict):
        return {name: _numbers(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    return Decimal(value) if key in _NUMBER_FIELDS and isinstance(value, str) else value
