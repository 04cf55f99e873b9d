"""Symbols of the simulated brokers, and exact profit, margin and swap in minor units.

Prices are integers of points (the last digit), volumes integers of a thousandth lot. A profit in
another currency is converted at the market's rate on the worse side, as a terminal does; margins
and swaps at fixed rates.
"""

from collections.abc import Callable
from typing import TypeAlias

from attrs import frozen

MILLI = 1000

# One unit of a currency in millionths of a dollar, and its decimals.
_DOLLARS = {"USD": 1_000_000, "EUR": 1_100_000, "GBP": 1_270_000, "JPY": 6_700}
DIGITS = {"USD": 2, "EUR": 2, "GBP": 2, "JPY": 0}


@frozen
class SymbolSpec:
    """A tradable symbol. ``sigma`` is points per square root of a second, in thousandths.

    ``spread`` is the usual one, ``prices.spread_at`` the one in force; ``swap_long``/``swap_short``
    are dollar cents per lot and night; ``always_open`` is true where the market has no weekend.
    """

    name: str
    digits: int
    contract_size: int
    base: str
    quote: str
    start_points: int
    sigma: int
    spread: int
    swap_long: int
    swap_short: int
    always_open: bool = False


SYMBOLS = {
    spec.name: spec
    for spec in (
        SymbolSpec("EURUSD", 5, 100_000, "EUR", "USD", 110_000, 1_370, 8, -720, 310),
        SymbolSpec("GBPUSD.a", 5, 100_000, "GBP", "USD", 127_000, 1_800, 11, -410, -90),
        SymbolSpec("USDJPY", 3, 100_000, "USD", "JPY", 149_500, 2_400, 10, 1_150, -1_980),
        SymbolSpec("XAUUSD", 2, 100, "USD", "USD", 235_000, 6_300, 22, -3_300, 1_200),
        SymbolSpec("US30.cash", 1, 1, "USD", "USD", 390_000, 10_500, 18, -610, -240),
        SymbolSpec(
            "BTCUSD",
            2,
            1,
            "USD",
            "USD",
            6_400_000,
            480_000,
            1_500,
            -2_100,
            -2_100,
            always_open=True,
        ),
    )
}


def _even(numerator: int, denominator: int) -> int:
    """Return the quotient rounded half to even; ``denominator`` is positive."""
    whole, rest = divmod(numerator, denominator)
    if rest * 2 > denominator or (rest * 2 == denominator and whole % 2):
        return whole + 1
    return whole


def profit_minor(spec: SymbolSpec, points: int, milli: int, currency: str) -> int:
    """Return what ``points`` in our favour earn on ``milli`` lots, in the account's minor units."""
    numerator = points * spec.contract_size * milli * _DOLLARS[spec.quote] * 10 ** DIGITS[currency]
    return _even(numerator, 10**spec.digits * MILLI * _DOLLARS[currency])


QuoteOf: TypeAlias = Callable[[SymbolSpec], tuple[int, int]]
"""A symbol's bid and ask in points."""

# Which symbol converts a quote currency into an account's, and whether its price divides.
_RATES = {
    ("JPY", "USD"): ("USDJPY", True),
    ("USD", "JPY"): ("USDJPY", False),
    ("USD", "EUR"): ("EURUSD", True),
    ("USD", "GBP"): ("GBPUSD.a", True),
}


def converted_minor(
    spec: SymbolSpec, points: int, milli: int, currency: str, quote_of: QuoteOf
) -> int:
    """Return what ``points`` earn on ``milli`` lots, converted at ``quote_of``'s rates.

    Where no symbol converts the pair the fixed rate is used.
    """
    found = _RATES.get((spec.quote, currency))
    if found is None:
        return profit_minor(spec, points, milli, currency)
    rate, divides = SYMBOLS[found[0]], found[1]
    bid, ask = quote_of(rate)
    worse = ask if (points >= 0) is divides else bid
    value = points * spec.contract_size * milli * 10 ** DIGITS[currency]
    scale = 10**spec.digits * MILLI
    if divides:
        return _even(value * 10**rate.digits, scale * worse)
    return _even(value * worse, scale * 10**rate.digits)


def margin_minor(spec: SymbolSpec, points: int, milli: int, currency: str, leverage: int) -> int:
    """Return the margin of a position opened at ``points``, in the account's minor units."""
    return _even(abs(profit_minor(spec, points, milli, currency)), leverage)


def swap_minor(spec: SymbolSpec, sign: int, milli: int, nights: int, currency: str) -> int:
    """Return the swap of ``nights`` nights, in the account's minor units."""
    cents = spec.swap_long if sign > 0 else spec.swap_short
    numerator = cents * nights * milli * _DOLLARS["USD"] * 10 ** DIGITS[currency]
    return _even(numerator, MILLI * 100 * _DOLLARS[currency])


def points_for(spec: SymbolSpec, amount: int, milli: int, currency: str) -> int:
    """Return how many points earn at least ``amount`` minor units on ``milli`` lots."""
    per_million = profit_minor(spec, 1_000_000, milli, currency)
    return -(-amount * 1_000_000 // per_million)


def price_text(points: int, digits: int) -> str:
    """Return points as a decimal string with the symbol's digits."""
    sign = "-" if points < 0 else ""
    whole, rest = divmod(abs(points), 10**digits)
    return f"{sign}{whole}.{rest:0{digits}d}" if digits else f"{sign}{whole}"


def volume_text(milli: int) -> str:
    """Return thousandth lots as a decimal string, with two decimals where they suffice."""
    whole, rest = divmod(milli, MILLI)
    return f"{whole}.{rest:03d}" if rest % 10 else f"{whole}.{rest // 10:02d}"


def to_points(text: str, digits: int) -> int:
    """Return a price string as points; the reverse of ``price_text``."""
    whole, _, decimals = text.partition(".")
    points = int(whole.lstrip("-") + decimals.ljust(digits, "0")[:digits])
    return -points if text.startswith("-") else points


def to_milli(text: str) -> int:
    """Return a volume string as thousandth lots; the reverse of ``volume_text``."""
    return to_points(text, 3)
