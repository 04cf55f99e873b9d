"""Exact money: integers of minor units on the way to a verdict, decimals at the edges.

Inside the core an amount is an ``int`` of minor units (cents for USD, yen for JPY) of the
account's currency; ``digits`` is that currency's number of decimals (MT5 ``currency_digits``).
No float ever enters: percentages are ``Decimal`` and every division states its rounding.
"""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal, DecimalException, localcontext

_WIDE = Context(prec=60)
_HUNDRED = Decimal(100)


class MoneyError(ValueError):
    """An amount that is not exact money: not finite, or finer than the currency's minor unit."""


def to_minor(amount: Decimal | str | int, digits: int) -> int:
    """Return ``amount`` (in whole currency units) as minor units, exactly.

    Raises MoneyError for NaN, infinities, text that is no number, or a fraction of a minor unit.
    """
    try:
        value = Decimal(amount)
    except DecimalException as error:
        raise MoneyError(f"{amount!r} is not a decimal number") from error
    if not value.is_finite():
        raise MoneyError(f"{amount!r} is not finite")
    scaled = value.scaleb(digits, _WIDE)
    if scaled != scaled.to_integral_value():
        raise MoneyError(f"{amount} has more than {digits} decimals")
    return int(scaled)


def money_floor(amount: Decimal, digits: int) -> int:
    """Return ``amount`` (in whole currency units) as minor units, rounded down.

    For amounts of a plan, which knows no currency: 0.50 is no amount of yen.
    """
    numerator, denominator = amount.as_integer_ratio()
    return numerator * int(10**digits) // denominator


def money_ceil(amount: Decimal, digits: int) -> int:
    """Return ``amount`` (in whole currency units) as minor units, rounded up."""
    return -money_floor(-amount, digits)


def to_decimal(minor: int, digits: int) -> Decimal:
    """Return ``minor`` units as a decimal of whole units that shows exactly ``digits`` decimals."""
    return Decimal(minor).scaleb(-digits, _WIDE)


def share_ceil(percent: Decimal, base: int) -> int:
    """Return ceil(percent / 100 x base) in minor units (RULES 2, allowance)."""
    numerator, denominator = percent.as_integer_ratio()
    return -((-numerator * base) // (denominator * 100))


def percent_floor(part: int, whole: int) -> Decimal | None:
    """Return part / whole as 0-100 percent cut to 2 decimals; None when ``whole`` is 0.

    Cut, not rounded, so that 100.00 never shows before the limit is reached (RULES 7).
    """
    if whole == 0:
        return None
    with localcontext(_WIDE):
        return (Decimal(part) * _HUNDRED / Decimal(whole)).quantize(Decimal("0.01"), ROUND_DOWN)


def percent_even(part: int, whole: int) -> Decimal | None:
    """Return part / whole as 0-100 percent, half-even to 4 decimals; None when ``whole`` is 0."""
    if whole == 0:
        return None
    with localcontext(_WIDE):
        ratio = Decimal(part) * _HUNDRED / Decimal(whole)
        return ratio.quantize(Decimal("0.0001"), ROUND_HALF_EVEN)


def reaches_share(used: int, share: Decimal, allowance: int) -> bool:
    """True when used >= share x allowance, decided exactly (RULES 2, levels)."""
    numerator, denominator = share.as_integer_ratio()
    return used * denominator >= numerator * allowance
