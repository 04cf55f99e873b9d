"""Plans of the simulated firm, told once for the oracle and once in the product's own TOML."""

from decimal import Decimal

from attrs import frozen

from actors.domain.money import to_decimal
from actors.domain.plan import Plan
from actors.domain.plan_file import parse_plan
from tests.simulation.oracle.conduct import ConductRule
from tests.simulation.oracle.goals import Goals, Share
from tests.simulation.oracle.rules import Rule
from tests.simulation.world.conduct_text import conduct_text

PERCENT = 100


@frozen
class FirmPlan:
    """A reset (``zone HH:MM`` of the table, zone ``server`` for the account's own) and rules."""

    name: str
    reset: str
    rules: tuple[Rule, ...]
    goals: Goals | None = None
    conduct: tuple[ConductRule, ...] = ()


_OVERALL = Rule("overall", daily=False, anchor="initial", share=(10, PERCENT))

FIRM_PLANS = (
    FirmPlan(
        "classic", "Asia/Tehran 01:30",
        (Rule("daily", daily=True, anchor="equity", share=(5, PERCENT)), _OVERALL),
    ),
    FirmPlan(
        "server-max", "server 00:00",
        (
            Rule("daily", daily=True, anchor="max_balance_equity", share=(4, PERCENT), of="anchor"),
            Rule("trailing", daily=False, anchor="equity_high", share=(6, PERCENT), lock=0),
        ),
    ),
    FirmPlan(
        "tehran-balance", "Asia/Tehran 01:30",
        (
            Rule("daily", daily=True, anchor="balance", share=(35, 1000), strict=True),
            Rule("trailing", daily=False, anchor="balance_high", share=(8, PERCENT),
                 checked="worst", shift=False),
        ),
    ),
    FirmPlan(
        "new-york-eod", "America/New_York 17:00",
        (
            Rule("daily", daily=True, anchor="balance", share=(3, PERCENT), of="anchor",
                 checked="worst", soft=True),
            Rule("eod", daily=False, anchor="eod_high", share=(6, PERCENT), lock=10_000,
                 strict=True, shift=False),
        ),
    ),
    FirmPlan(
        "intraday-high", "Asia/Tehran 01:30",
        (
            Rule("daily", daily=True, anchor="high", share=(5, PERCENT)),
            Rule("overall", daily=False, anchor="initial", of="fixed", money=900_000,
                 checked="balance"),
        ),
    ),
    FirmPlan(
        "credit-counts", "server 00:00",
        (
            Rule("daily", daily=True, anchor="equity", share=(4, PERCENT), credit=True),
            Rule("eod-equity", daily=False, anchor="eod_high", eod_of="equity",
                 share=(7, PERCENT), credit=True),
        ),
    ),
    FirmPlan(
        "static", "Asia/Tehran 01:30",
        (
            Rule("daily", daily=True, anchor="initial", share=(5, PERCENT)),
            Rule("daily-eod", daily=True, anchor="eod_high", eod_of="worst", share=(6, PERCENT)),
            Rule("overall", daily=False, anchor="initial", share=(12, PERCENT), shift=False),
        ),
    ),
)  # fmt: skip


BOOK_PLANS = (
    FirmPlan(
        "amended-equity", "Asia/Tehran 01:30",
        (Rule("daily", daily=True, anchor="equity", share=(5, PERCENT)), _OVERALL),
    ),
    FirmPlan(
        "amended-max", "server 00:00",
        (
            Rule("daily", daily=True, anchor="max_balance_equity", share=(4, PERCENT), of="anchor"),
            Rule("overall", daily=False, anchor="initial", share=(9, PERCENT), shift=False,
                 checked="worst"),
        ),
    ),
    FirmPlan(
        "amended-balance", "America/New_York 17:00",
        (
            Rule("daily", daily=True, anchor="balance", share=(35, 1000), strict=True),
            Rule("overall", daily=False, anchor="initial", of="fixed", money=900_000,
                 checked="balance"),
        ),
    ),
)  # fmt: skip
"""Plans without a high-water mark, for books that are amended: what a late deal does to a high
between two readings nobody can tell, to these rules everybody."""


_WIDE = (Rule("overall", daily=False, anchor="initial", share=(99, PERCENT)),)

GOAL_PLANS = (
    FirmPlan("opened", "Asia/Tehran 01:30", _WIDE, Goals((1, PERCENT), 3, "opened")),
    FirmPlan("closed", "server 00:00", _WIDE,
             Goals((1, 200), 2, "closed", best=(60, PERCENT))),
    FirmPlan("gain", "America/New_York 17:00", _WIDE, Goals((2, PERCENT), 2, "gain", (1, 200))),
    FirmPlan("abs", "Asia/Tehran 01:30", _WIDE,
             Goals((1, 1000), 2, "abs", (1, 100), best=(75, PERCENT))),
)  # fmt: skip
"""Plans with objectives and room to reach them."""

_NEW_YORK, _ATHENS = "America/New_York 17:00", "Europe/Athens 00:00"
_MINUTE, _DAY = 60_000, 86_400_000

CONDUCT_PLANS = (
    FirmPlan("sizes", "Asia/Tehran 01:30", _WIDE, conduct=(
        ConductRule("lots-position", "position_lots", 300),
        ConductRule("lots-total", "total_lots", 600),
        ConductRule("positions", "positions", 2),
    )),
    FirmPlan("times", "server 00:00", _WIDE, conduct=(
        ConductRule("holding", "holding", 25 * _MINUTE),
        ConductRule("stop-loss", "stop_loss", 5 * _MINUTE),
        ConductRule("inactivity", "inactivity", 2 * _DAY, warning=_DAY),
    )),
    FirmPlan("weekends", "America/New_York 17:00", _WIDE, conduct=(
        ConductRule("weekend", "weekend", by=_NEW_YORK, until=_NEW_YORK),
        ConductRule("lifetime", "life_from_start", 5 * _DAY, warning=3 * _DAY),
    )),
    FirmPlan("athens", "Asia/Tehran 01:30", _WIDE, conduct=(
        ConductRule("weekend", "weekend", by=_ATHENS, until=_ATHENS),
        ConductRule("lifetime", "life_from_trade", 4 * _DAY),
        ConductRule("inactivity", "inactivity", 2 * _DAY),
    )),
    FirmPlan("strict", "Asia/Tehran 01:30", _WIDE, conduct=(
        ConductRule("lots-total", "total_lots", 900, hard=True),
        ConductRule("positions", "positions", 2),
        ConductRule("holding", "holding", 15 * _MINUTE),
        ConductRule("inactivity", "inactivity", 6 * _DAY, warning=2 * _DAY, hard=True),
    )),
)  # fmt: skip
"""Plans with rules on conduct, most of them recorded only, and room to trade on."""


def product_plan(firm: FirmPlan, digits: int) -> Plan:
    """The same plan as the product reads it."""
    zone, at = firm.reset.split(" ")
    head = (
        f'name = "{firm.name}"\ntitle = "{firm.name}"\nversion = 1\n'
        f'[reset]\nat = "{at}"\nzone = "{zone}"\n[[phases]]\nname = "One"\n'
    )
    rules = "".join(_rule(rule, digits) for rule in firm.rules)
    goals = "" if firm.goals is None else _goals(firm.goals)
    conduct = "".join(map(conduct_text, firm.conduct))
    return parse_plan(head + rules + goals + conduct, firm.name)


def _goals(goals: Goals) -> str:
    days = f'days = {goals.days}\ncounted = "{goals.counted}"\n'
    if goals.counted in ("gain", "abs"):
        days += f"percent = {_percent(goals.size)}\n"
    told = {
        "profit_target": f"target = {{ percent = {_percent(goals.target)} }}\n",
        "minimum_trading_days": days,
    }
    if goals.best is not None:
        told["consistency"] = f"percent = {_percent(goals.best)}\n"
    return "".join(
        f'[[phases.rules]]\nid = "{kind}"\nkind = "{kind}"\n{text}' for kind, text in told.items()
    )


def _percent(share: Share) -> str:
    return f"{Decimal(share[0]) * 100 / share[1]:f}"


def _rule(rule: Rule, digits: int) -> str:
    percent = Decimal(rule.share[0]) * 100 / rule.share[1]
    allowance = f'{{ percent = {percent:f}, of = "{rule.of}" }}'
    if rule.of == "fixed":
        allowance = f"{{ money = {to_decimal(rule.money, digits)} }}"
    fields = {
        "id": _text(rule.rule_id),
        "kind": _text("daily_loss" if rule.daily else "overall_loss"),
        "anchor": _text(rule.anchor),
        "allowance": allowance,
        "checked": _text(rule.checked),
        "operator": _text("<" if rule.strict else "<="),
        "cash_flow": _text("shift" if rule.shift else "keep"),
        "credit": _text("included" if rule.credit else "excluded"),
        "severity": _text("soft" if rule.soft else "hard"),
    }
    if rule.lock is not None:
        fields["lock"] = f"{{ plus = {to_decimal(rule.lock, digits)} }}"
    if rule.anchor == "eod_high":
        fields["eod_of"] = _text(rule.eod_of)
    lines = "".join(f"{name} = {value}\n" for name, value in fields.items())
    return f"[[phases.rules]]\n{lines}"


def _text(value: str) -> str:
    return f'"{value}"'
