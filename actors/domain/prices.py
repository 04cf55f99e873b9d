"""Prices between two readings: symbol specifications, quotes and minute bars (RULES 4).

Prices are integers of points, a point being 10^-digits of the symbol, so that walking thousands of
quotes is exact and cheap. Times are UTC milliseconds.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import IntEnum

from attrs import field, frozen

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class CalcMode(IntEnum):
    """How MT5 computes a symbol's profit and margin (SYMBOL_CALC_MODE)."""

    FOREX = 0
    FUTURES = 1
    CFD = 2
    CFD_INDEX = 3
    CFD_LEVERAGE = 4
    FOREX_NO_LEVERAGE = 5
    EXCHANGE_STOCKS = 32
    EXCHANGE_FUTURES = 33
    EXCHANGE_FUTURES_FORTS = 34
    EXCHANGE_OPTIONS = 35
    EXCHANGE_OPTIONS_MARGIN = 36
    EXCHANGE_BONDS = 37
    EXCHANGE_STOCKS_MOEX = 38
    EXCHANGE_BONDS_MOEX = 39
    COLLATERAL = 64


@frozen
class SymbolSpec:
    """A symbol's specification. ``tick_value`` is what ``tick_size`` earns on one lot, in the
    profit currency.
    """

    name: str
    digits: int
    contract_size: Decimal
    tick_size: Decimal
    tick_value: Decimal
    base_currency: str
    profit_currency: str
    margin_currency: str
    calc_mode: CalcMode


@frozen
class Ticks:
    """Quotes of one symbol in the broker's order, three columns of one length.

    The first is the quote in force where the range begins, where the terminal knows it.
    ``complete``: every quote of the range is here; no quotes and complete means that none came.
    """

    times: tuple[int, ...] = ()
    bids: tuple[int, ...] = ()
    asks: tuple[int, ...] = ()
    complete: bool = False


@frozen
class Bars:
    """M1 bars of the bid, columns of one length: the minute's start, its highest and lowest bid,
    and the spread, in points. ``complete`` as for ticks.
    """

    times: tuple[int, ...] = ()
    highs: tuple[int, ...] = ()
    lows: tuple[int, ...] = ()
    spreads: tuple[int, ...] = ()
    complete: bool = False


@frozen
class Prices:
    """What a bridge told of the time between two readings, by symbol.

    ``answered`` False: it was asked and did not answer in time; it may the next time.
    """

    specs: Mapping[str, SymbolSpec] = field(factory=dict)
    ticks: Mapping[str, Ticks] = field(factory=dict)
    bars: Mapping[str, Bars] = field(factory=dict)
    answered: bool = True


class PriceError(ValueError):
    """A price that is finer than its symbol's digits."""


def to_points(price: str, digits: int) -> int:
    """Return a decimal string as points, exactly. Raises PriceError."""
    whole, _, decimals = price.partition(".")
    if len(decimals) > digits:
        if decimals[digits:].strip("0"):
            raise PriceError(f"{price} has more than {digits} decimals")
        decimals = decimals[:digits]
    return int(whole + decimals.ljust(digits, "0"))


def utc_msc(instant: datetime) -> int:
    """Return an aware instant as UTC milliseconds, the part of a millisecond cut off."""
    return (instant - _EPOCH) // _MILLISECOND


def instant_of(msc: int) -> datetime:
    """Return UTC milliseconds as an aware instant."""
    return _EPOCH + msc * _MILLISECOND
