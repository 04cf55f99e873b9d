"""The terms of a loss rule: read from a plan document, and written back into one (RULES 2)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

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
    RuleKind,
    RuleSeverity,
)
from actors.domain.plan_table import Table, decimal_text
from actors.domain.rules.terms import rule_id_of

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
    "interpolated",
)


def read(table: Table, kind: RuleKind) -> LossRule:
    """A loss rule from its table. Raises PlanError."""
    table.only(_RULE_FIELDS)
    daily = kind is RuleKind.DAILY_LOSS
    anchor = table.choice("anchor", _DAILY if daily else _OVERALL, _default_anchor(kind))
    warning, critical = _levels(table)
    return LossRule(
        rule_id=rule_id_of(table),
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
        interpolated=table.flag("interpolated"),
    )


def _default_anchor(kind: RuleKind) -> Anchor:
    return Anchor.EQUITY if kind is RuleKind.DAILY_LOSS else Anchor.INITIAL


def _allowance(table: Table) -> Allowance:
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


def _lock(table: Table, anchor: Anchor) -> Lock | None:
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


def _eod_of(table: Table, anchor: Anchor) -> Checked:
    if "eod_of" in table.fields and anchor is not Anchor.EOD_HIGH:
        raise table.refuse("eod_of", "allowed with anchor eod_high only")
    return table.choice("eod_of", Checked, Checked.BALANCE)


def _levels(table: Table) -> tuple[Decimal, Decimal]:
    levels = table.table("levels", {})
    levels.only(("warning", "critical"))
    warning = levels.number("warning", Decimal("0.70"))
    critical = levels.number("critical", Decimal("0.90"))
    if not 0 < warning <= critical <= 1:
        raise table.refuse("levels", "allowed: 0 < warning <= critical <= 1")
    return warning, critical


def _max_age(table: Table) -> timedelta:
    seconds = table.number("observed_max_age_seconds", Decimal(120))
    if not 0 < seconds <= 3600:
        raise table.refuse("observed_max_age_seconds", "allowed: above 0 up to 3600")
    return timedelta(microseconds=int(seconds * 1_000_000))


def document(rule: LossRule) -> dict[str, Any]:
    """The rule as the canonical document keeps it, every default written out."""
    told: dict[str, Any] = {
        "id": rule.rule_id,
        "kind": rule.kind.value,
        "anchor": rule.anchor.value,
        "allowance": _allowance_document(rule.allowance),
        "checked": rule.checked.value,
        "operator": rule.operator.value,
        "levels": {"warning": decimal_text(rule.warning), "critical": decimal_text(rule.critical)},
        "severity": rule.severity.value,
        "cash_flow": rule.cash_flow.value,
        "credit": rule.credit.value,
        "observed_max_age_seconds": decimal_text(
            Decimal(rule.observed_max_age // timedelta(microseconds=1)) / 1_000_000
        ),
    }
    if rule.lock is not None:
        told["lock"] = {"plus": decimal_text(rule.lock.plus)}
    if rule.interpolated:
        told["interpolated"] = True
    if rule.anchor is Anchor.EOD_HIGH:
        told["eod_of"] = rule.eod_of.value
    return told


def _allowance_document(allowance: Allowance) -> dict[str, str]:
    if allowance.money is not None:
        return {"money": decimal_text(allowance.money)}
    return {"percent": decimal_text(allowance.percent or Decimal()), "of": allowance.of.value}
