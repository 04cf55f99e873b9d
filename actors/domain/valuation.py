"""What an open position is worth at a quote: MT5's profit formula in exact integers (RULES 4).

Longs are closed at the bid, shorts at the ask. A profit in another currency is converted at the
quote of the same moment on the worse side: gains by the smaller rate, losses by the greater.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from math import lcm

from attrs import frozen

from actors.domain.prices import CalcMode, SymbolSpec

Quote = tuple[int, int]
"""Bid and ask in points."""

_CONTRACT = frozenset(
    {
        CalcMode.FOREX,
        CalcMode.FOREX_NO_LEVERAGE,
        CalcMode.CFD,
        CalcMode.CFD_INDEX,
        CalcMode.CFD_LEVERAGE,
        CalcMode.EXCHANGE_STOCKS,
        CalcMode.EXCHANGE_STOCKS_MOEX,
    }
)
_TICK = frozenset({CalcMode.FUTURES, CalcMode.EXCHANGE_FUTURES, CalcMode.EXCHANGE_FUTURES_FORTS})


@frozen
class Conversion:
    """How a profit currency becomes the account's: by ``symbol``'s price with its ``digits``.

    ``divides``: the symbol is named account currency first (USDJPY for yen into dollars).
    """

    symbol: str
    digits: int
    divides: bool


@frozen
class Leg:
    """A position's profit as a line of its closing price in points:
    (slope x price + base) / scale, in minor units before conversion.
    """

    is_long: bool
    slope: int
    base: int
    scale: int


def conversion_names(spec: SymbolSpec, currency: str) -> tuple[tuple[str, bool], ...]:
    """Symbols that may convert ``spec``'s profit into ``currency``, and whether each divides.

    A broker's suffix on the traded symbol is kept first (EURJPY.a is converted by USDJPY.a).
    """
    profit, suffix = spec.profit_currency, ""
    pair = spec.base_currency + profit
    if spec.name.startswith(pair):
        suffix = spec.name[len(pair) :]
    suffixes = (suffix, "") if suffix else ("",)
    return tuple(
        chain.from_iterable(
            ((currency + profit + end, True), (profit + currency + end, False)) for end in suffixes
        )
    )


def conversion_of(
    spec: SymbolSpec, currency: str, specs: Mapping[str, SymbolSpec]
) -> Conversion | None:
    """The conversion among the known symbols; None where none is known."""
    for name, divides in conversion_names(spec, currency):
        known = specs.get(name)
        if known is not None:
            return Conversion(name, known.digits, divides)
    return None


def is_valued(spec: SymbolSpec) -> bool:
    """True when the symbol's calculation mode is one whose profit is known here."""
    return spec.calc_mode in _CONTRACT or spec.calc_mode in _TICK


def leg_of(
    spec: SymbolSpec, *, is_long: bool, volume: Decimal, price: Fraction, digits: int
) -> Leg:
    """The line of a position opened at ``price``; ``digits`` are the account currency's."""
    per_price = Fraction(volume) * Fraction(spec.contract_size)
    if spec.calc_mode in _TICK:
        per_price = Fraction(volume) * Fraction(spec.tick_value) / Fraction(spec.tick_size)
    per_point = per_price * 10**digits / 10**spec.digits * (1 if is_long else -1)
    base = -per_point * price * 10**spec.digits
    scale = lcm(per_point.denominator, base.denominator)
    return Leg(is_long, int(per_point * scale), int(base * scale), scale)


def profit_of(leg: Leg, quote: Quote, by: Conversion | None, rate: Quote | None) -> int:
    """The leg's profit in minor units at ``quote``, half to even; ``rate`` is the conversion's."""
    value = leg.slope * (quote[0] if leg.is_long else quote[1]) + leg.base
    if by is None or rate is None:
        return value if leg.scale == 1 else even(value, leg.scale)
    worse = rate[0 if (value >= 0) is not by.divides else 1]
    if by.divides:
        return even(value * 10**by.digits, leg.scale * worse)
    return even(value * worse, leg.scale * 10**by.digits)


def even(numerator: int, denominator: int) -> int:
    """The quotient rounded half to even; ``denominator`` is positive."""
    whole, rest = divmod(numerator, denominator)
    twice = rest * 2
    if twice > denominator or (twice == denominator and whole & 1):
        return whole + 1
    return whole
