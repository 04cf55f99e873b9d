"""Each formula code computed from named inputs alone, by plain decimal arithmetic.

Written from the formulas' words, apart from the engine: what a reader with a calculator does.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from operator import ge, gt, lt
from typing import Any
from zoneinfo import ZoneInfo

from actors.domain.explanation.records import Explained, FormulaCode

Named = Mapping[str, Any]
UTC = ZoneInfo("UTC")


def named(one: Explained) -> Named:
    """The inputs of a figure by name."""
    return {each.name.value: each.value for each in one.inputs}


def up(amount: Decimal, digits: Decimal) -> Decimal:
    """Rounded up to a minor unit."""
    return amount.quantize(Decimal(1).scaleb(-int(digits)), ROUND_CEILING)


def percent(part: Decimal, whole: Decimal, places: str, rounding: str) -> Decimal | None:
    """Part of whole as 0-100."""
    return (part * 100 / whole).quantize(Decimal(places), rounding) if whole else None


def highest(*values: Decimal | None) -> Decimal:
    """The greatest of those that are known."""
    return max(value for value in values if value is not None)


def level(of: Named) -> str:
    """Latched or surely crossed is a breach, else by the shares of the allowance that are used."""
    value, floor, used, allowance = (of[n] for n in ("value", "floor", "used", "allowance"))
    if of["latched"]:
        return "breach"
    if value is None or floor is None:
        return "ok"
    if value < floor or (value == floor and of["operator"] == "<="):
        return "breach" if of["proven"] else "critical"
    for name in ("critical", "warning"):
        if used >= of[name] * allowance:
            return name
    return "ok"


def conduct(crossed: Callable[[Any, Any], bool]) -> Callable[[Named], str]:
    """The level of a rule on conduct, whose value crosses its limit so."""

    def told(of: Named) -> str:
        value = of["value"]
        if of["latched"]:
            return "breach"
        if value is not None and crossed(value, of["limit"]):
            return "breach" if of["proven"] else "critical"
        warned = value is not None and of["warning"] is not None and value >= of["warning"]
        return "warning" if warned else "ok"

    return told


def reset(of: Named) -> datetime:
    """Local date and time in the zone, which may be an IANA name and hours beside it."""
    zone, _, hours = of["reset_zone"].partition("+")
    shift = timedelta(hours=float(hours.rstrip("h") or 0))
    wall = datetime.fromisoformat(f"{of['reset_date']}T{of['reset_time']}") - shift
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def elapsed(of: Named) -> Decimal:
    """Whole milliseconds from since to until."""
    return Decimal((of["until"] - of["since"]) // timedelta(milliseconds=1)).scaleb(-3)


EVALUATORS: Mapping[FormulaCode, Callable[[Named], Any]] = {
    FormulaCode.OBSERVED: lambda of: of["observed"],
    FormulaCode.COUNTED: lambda of: of["counted"],
    FormulaCode.RECORDED: lambda of: of["recorded"],
    FormulaCode.PLANNED: lambda of: of["planned"],
    FormulaCode.FLOATING: lambda of: of["equity"] - of["balance"] - of["credit"],
    FormulaCode.INITIAL_DEPOSITS: lambda of: of["deposits"],
    FormulaCode.INITIAL_GIVEN: lambda of: of["given"],
    FormulaCode.BALANCE_CHANGE: lambda of: of["balance"] - of["initial"],
    FormulaCode.BALANCE_CHANGE_PCT: lambda of: percent(
        of["change"], of["initial"], "0.0001", ROUND_HALF_EVEN
    ),
    FormulaCode.NET_RESULT: lambda of: of["balance"] - of["initial"] - of["flows"],
    FormulaCode.WIN_RATE: lambda of: percent(of["wins"], of["closed"], "0.0001", ROUND_HALF_EVEN),
    FormulaCode.COVERAGE_UNKNOWN: lambda of: of["earlier_days"] + of["today"],
    FormulaCode.NEXT_RESET: reset,
    FormulaCode.CHECKED_EQUITY: lambda of: of["equity"] - of["credit"],
    FormulaCode.CHECKED_EQUITY_WITH_CREDIT: lambda of: of["equity"],
    FormulaCode.CHECKED_BALANCE: lambda of: of["balance"],
    FormulaCode.CHECKED_WORST: lambda of: min(of["balance"], of["equity"] - of["credit"]),
    FormulaCode.CHECKED_WORST_WITH_CREDIT: lambda of: min(of["balance"], of["equity"]),
    FormulaCode.ANCHOR_INITIAL: lambda of: of["initial"],
    FormulaCode.ANCHOR_BALANCE: lambda of: of["reset_balance"],
    FormulaCode.ANCHOR_EQUITY: lambda of: (
        of["reset_balance"] + of["reset_credit"] + of["reset_floating"]
    ),
    FormulaCode.ANCHOR_MAX: lambda of: max(
        of["reset_balance"], of["reset_balance"] + of["reset_credit"] + of["reset_floating"]
    ),
    FormulaCode.ANCHOR_HIGH: lambda of: highest(
        of["reset_balance"] + of["reset_credit"] + of["reset_floating"], of["highest"]
    ),
    FormulaCode.ANCHOR_TRAILING: lambda of: highest(of["initial"], of["highest"]),
    FormulaCode.ALLOWANCE_PERCENT: lambda of: up(of["percent"] * of["base"] / 100, of["digits"]),
    FormulaCode.ALLOWANCE_FIXED: lambda of: of["money"],
    FormulaCode.FLOOR: lambda of: of["anchor"] - of["allowance"] + of["flows"],
    FormulaCode.FLOOR_LOCKED: lambda of: (
        min(of["lock"], of["anchor"] - of["allowance"]) + of["flows"]
    ),
    FormulaCode.HEADROOM: lambda of: of["value"] - of["floor"],
    FormulaCode.USED: lambda of: max(Decimal(0), of["allowance"] - of["headroom"]),
    FormulaCode.USED_PCT: lambda of: percent(of["used"], of["allowance"], "0.01", ROUND_DOWN),
    FormulaCode.LEVEL: level,
    FormulaCode.LEVEL_MAX_LOTS: conduct(gt),
    FormulaCode.LEVEL_MAX_POSITIONS: conduct(gt),
    FormulaCode.LEVEL_STOP_LOSS_WITHIN: conduct(gt),
    FormulaCode.LEVEL_MINIMUM_HOLDING_TIME: conduct(lt),
    FormulaCode.LEVEL_WEEKEND_FLAT: conduct(gt),
    FormulaCode.LEVEL_INACTIVITY: conduct(ge),
    FormulaCode.LEVEL_LIFETIME: conduct(ge),
    FormulaCode.LEVEL_OBJECTIVE: lambda of: "ok",
    FormulaCode.LATCHED: lambda of: of["breached_value"] is not None,
    FormulaCode.LATCHED_ANY: lambda of: of["counted"] > 0,
    FormulaCode.ELAPSED: elapsed,
    FormulaCode.LIMIT_USED: lambda of: of["value"],
    FormulaCode.LIMIT_HEADROOM: lambda of: of["limit"] - of["value"],
    FormulaCode.LIMIT_HEADROOM_ABOVE: lambda of: of["value"] - of["limit"],
    FormulaCode.TARGET_PERCENT: lambda of: up(of["percent"] * of["base"] / 100, of["digits"]),
    FormulaCode.TARGET_FIXED: lambda of: up(of["money"], of["digits"]),
    FormulaCode.TARGET_CONSISTENCY: lambda of: up(
        of["best_day"] * 100 / of["percent"], of["digits"]
    ),
    FormulaCode.REMAINING: lambda of: max(Decimal(0), of["target"] - of["value"]),
}
