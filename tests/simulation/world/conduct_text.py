"""A rule on conduct in the product's own TOML."""

from decimal import Decimal

from tests.simulation.oracle.conduct import ConductRule

_DAY_MS = 86_400_000


def conduct_text(rule: ConductRule) -> str:
    """The rule's table; a soft one is recorded only, so that trading goes on."""
    severity = "hard" if rule.hard else "soft"
    head = f'[[phases.rules]]\nid = "{rule.rule_id}"\nseverity = "{severity}"\n'
    if rule.warning:
        head += f"warning_days = {rule.warning // _DAY_MS}\n"
    return head + "".join(f"{name} = {value}\n" for name, value in _fields(rule).items())


def _fields(rule: ConductRule) -> dict[str, str]:
    lots, seconds = Decimal(rule.limit).scaleb(-2), Decimal(rule.limit).scaleb(-3)
    days = str(rule.limit // _DAY_MS)
    return {
        "position_lots": {"kind": '"max_lots"', "of": '"position"', "lots": f"{lots:f}"},
        "total_lots": {"kind": '"max_lots"', "of": '"total"', "lots": f"{lots:f}"},
        "positions": {"kind": '"max_positions"', "positions": str(rule.limit)},
        "holding": {"kind": '"minimum_holding_time"', "seconds": f"{seconds:f}"},
        "stop_loss": {"kind": '"stop_loss_within"', "seconds": f"{seconds:f}"},
        "inactivity": {"kind": '"inactivity"', "days": days},
        "life_from_start": {"kind": '"lifetime"', "days": days, "from": '"start"'},
        "life_from_trade": {"kind": '"lifetime"', "days": days, "from": '"first_trade"'},
        "weekend": _weekend(rule) if rule.kind == "weekend" else {},
    }[rule.kind]


def _weekend(rule: ConductRule) -> dict[str, str]:
    zone, by = rule.by.split(" ")
    other, until = rule.until.split(" ")
    if other != zone:
        raise ValueError(f"{rule.rule_id}: one zone for both instants")
    return {
        "kind": '"weekend_flat"',
        "zone": f'"{zone}"',
        "by": f'{{ day = "friday", at = "{by}" }}',
        "until": f'{{ day = "sunday", at = "{until}" }}',
    }
