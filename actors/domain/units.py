"""Units of what rules measure: exact integers inside, decimals at the edges."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from actors.domain.money import to_decimal
from actors.domain.plan import RuleKind


class Unit(StrEnum):
    """What a rule's value and limit count."""

    MONEY = "money"
    LOTS = "lots"
    POSITIONS = "positions"
    SECONDS = "seconds"
    DAYS = "days"


_DIGITS = {Unit.LOTS: 8, Unit.POSITIONS: 0, Unit.SECONDS: 3, Unit.DAYS: 0}
"""Decimals kept of each unit but money, whose currency decides; MT5 keeps 8 of a volume."""

_UNITS: Mapping[str, Unit] = {
    RuleKind.MAX_LOTS: Unit.LOTS,
    RuleKind.MAX_POSITIONS: Unit.POSITIONS,
    RuleKind.WEEKEND_FLAT: Unit.POSITIONS,
    RuleKind.STOP_LOSS_WITHIN: Unit.SECONDS,
    RuleKind.MINIMUM_HOLDING_TIME: Unit.SECONDS,
    RuleKind.INACTIVITY: Unit.SECONDS,
    RuleKind.LIFETIME: Unit.SECONDS,
    RuleKind.MINIMUM_TRADING_DAYS: Unit.DAYS,
}


def unit_of(rule_type: str) -> Unit:
    """The unit that rules of a kind are measured in: money unless they say otherwise."""
    return _UNITS.get(rule_type, Unit.MONEY)


def in_units(value: int, unit: Unit, currency_digits: int) -> Decimal:
    """``value`` (smallest parts) in whole units: money with its digits, others without zeros."""
    if unit is Unit.MONEY:
        return to_decimal(value, currency_digits)
    whole = to_decimal(value, _DIGITS[unit]).normalize()
    return Decimal(f"{whole:f}")


def smallest(amount: Decimal, unit: Unit) -> int:
    """``amount`` of a unit that is not money in its smallest parts, finer digits cut off."""
    return int(amount.scaleb(_DIGITS[unit]))
