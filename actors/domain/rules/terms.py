"""Terms that the rules of several families share in a plan document."""

import re
from datetime import time
from decimal import Decimal
from typing import Any

from attrs import frozen

from actors.domain.money import money_ceil, share_ceil
from actors.domain.plan import ConductRule, Objective, RuleSeverity
from actors.domain.plan_table import Table, decimal_text

_RULE_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def rule_id_of(table: Table) -> str:
    """The plan-local id of a rule. Raises PlanError."""
    rule_id = table.text("id")
    if not _RULE_ID.fullmatch(rule_id):
        raise table.refuse("id", "lower-case letters, digits, hyphens and underscores")
    return rule_id


def clock_time(table: Table, key: str, default: str | None = None) -> time:
    """A local time of day, to the minute. Raises PlanError."""
    text = table.text(key, default)
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise table.refuse(key, f"{text!r}; allowed: HH:MM from 00:00 to 23:59")
    return time(int(match[1]), int(match[2]))


def severity_of(table: Table) -> RuleSeverity:
    """Whether a breach ends the phase (default) or is only recorded. Raises PlanError."""
    return table.choice("severity", RuleSeverity, RuleSeverity.HARD)


def conduct_document(rule: ConductRule) -> dict[str, Any]:
    """What the canonical document keeps of every rule on conduct."""
    return {"id": rule.rule_id, "kind": rule.kind.value, "severity": rule.severity.value}


def objective_document(rule: Objective) -> dict[str, Any]:
    """What the canonical document keeps of every objective."""
    return {"id": rule.rule_id, "kind": rule.kind.value}


@frozen
class Amount:
    """An amount a rule asks for: ``percent`` (0-100) of the initial balance, or ``money``."""

    percent: Decimal | None = None
    money: Decimal | None = None

    def minor(self, initial: int, digits: int) -> int:
        """The amount in minor units, rounded up; ``initial`` in minor units too."""
        if self.percent is not None:
            return share_ceil(self.percent, initial)
        return money_ceil(self.money or Decimal(0), digits)

    def document(self) -> dict[str, str]:
        """The amount as the canonical document keeps it."""
        if self.percent is not None:
            return {"percent": decimal_text(self.percent)}
        return {"money": decimal_text(self.money or Decimal(0))}


def amount_of(table: Table, key: str) -> Amount:
    """An amount from its table: ``{ percent = 8 }`` or ``{ money = 5000 }``. Raises PlanError."""
    amount = table.table(key)
    amount.only(("percent", "money"))
    if ("percent" in amount.fields) is ("money" in amount.fields):
        raise table.refuse(key, "allowed: either percent or money")
    if "percent" in amount.fields:
        return Amount(percent=amount.above_zero("percent", 1000))
    return Amount(money=amount.above_zero("money", 10**12))
