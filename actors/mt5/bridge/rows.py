"""The package's figures turned into the wire's rows: exact money, decimal texts, strict enums.

MT5 hands out doubles. Money becomes an integer of minor units by its shortest decimal form, prices
and volumes are rounded to eight decimals, which is finer than any symbol. What the protocol does
not allow is a BadFigure here, so that it never reaches the stream.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from math import isfinite
from typing import Any, TypeVar

import msgspec

from actors.domain.prices import CalcMode
from actors.domain.snapshot import Side
from actors.mt5.bridge import terminal
from actors.mt5.wire_answers import (
    AccountRow,
    BarRow,
    DealRow,
    OrderRow,
    PositionRow,
    SnapshotResult,
    SymbolResult,
    TickRow,
)
from actors.mt5.wire_fields import OffsetSource

_EIGHT_PLACES = Decimal("1e-8")
_MARGIN_MODES = ("netting", "exchange", "hedging")
_CLOSE_BY = 8
_BY_CONTRACT = frozenset(CalcMode) - {
    CalcMode.FUTURES,
    CalcMode.EXCHANGE_FUTURES,
    CalcMode.EXCHANGE_FUTURES_FORTS,
}

M = TypeVar("M", bound=msgspec.Struct)


class BadFigure(Exception):
    """The terminal showed something that the protocol does not allow; says the field only."""


def money(value: float, digits: int) -> int:
    """Return an amount in minor units. Raises BadFigure for NaN and infinity."""
    return int(_decimal(value).scaleb(digits).quantize(Decimal(1), ROUND_HALF_EVEN))


def text(value: float) -> str:
    """Return a price or volume as a plain decimal string of at most eight places."""
    rounded = _decimal(value).quantize(_EIGHT_PLACES, ROUND_HALF_EVEN).normalize()
    return format(rounded if rounded else Decimal(0), "f")


def account(raw: Sequence[Any], offset: int | None, source: OffsetSource) -> AccountRow:
    """Return the account as named at login."""
    told = _named(terminal.ACCOUNT, raw)
    return _checked(
        AccountRow,
        str(told["login"]),
        told["server"],
        told["name"],
        told["company"],
        told["currency"],
        told["currency_digits"],
        told["leverage"],
        _mode(told["margin_mode"]),
        bool(told["trade_allowed"]),
        offset,
        source,
    )


def snapshot(read: dict[str, Any], age_ms: int, seq: int) -> SnapshotResult:
    """Return a coherent read."""
    told = _named(terminal.ACCOUNT, read["account"])
    flags, digits = read["terminal"], told["currency_digits"]
    return _checked(
        SnapshotResult,
        str(told["login"]),
        told["server"],
        *(money(told[k], digits) for k in ("balance", "equity", "credit", "margin")),
        money(told["margin_free"], digits),
        told["currency"],
        digits,
        tuple(position(row, digits) for row in read["positions"]),
        orders(read["orders"]),
        bool(flags.get("connected", False)),
        max(0, int(flags.get("ping_last", 0))),
        age_ms,
        seq,
    )


def position(raw: Sequence[Any], digits: int) -> PositionRow:
    """Return an open position; 0 stands for no stop and no target."""
    told = _named(terminal.POSITION, raw)
    return _checked(
        PositionRow,
        told["ticket"],
        told["symbol"],
        _side(told["type"], 1),
        text(told["volume"]),
        text(told["price_open"]),
        text(told["price_current"]),
        text(told["sl"]) if told["sl"] else None,
        text(told["tp"]) if told["tp"] else None,
        money(told["profit"], digits),
        money(told["swap"], digits),
        told["time_msc"],
    )


def orders(raws: Sequence[Sequence[Any]]) -> tuple[OrderRow, ...]:
    """Return orders; one that closes a position by another has no side and is left out."""
    told = (_named(terminal.ORDER, raw) for raw in raws)
    return tuple(_order(each) for each in told if each["type"] != _CLOSE_BY)


def deal(raw: Sequence[Any], digits: int) -> DealRow:
    """Return a deal as the broker delivers it."""
    told = _named(terminal.DEAL, raw)
    return _checked(
        DealRow,
        told["ticket"],
        told["position_id"],
        told["order"],
        told["type"],
        told["entry"],
        told["reason"],
        told["symbol"],
        text(told["volume"]),
        text(told["price"]),
        *(money(told[name], digits) for name in ("profit", "commission", "swap", "fee")),
        told["time_msc"],
        told["comment"],
    )


def tick(raw: Sequence[Any]) -> TickRow:
    """Return a quote."""
    return _checked(TickRow, raw[0], text(raw[1]), text(raw[2]))


def bar(raw: Sequence[Any]) -> BarRow:
    """Return a minute bar."""
    return _checked(BarRow, raw[0], *(text(price) for price in raw[1:5]), raw[5])


def symbol(raw: Sequence[Any], currency: str) -> SymbolResult:
    """Return a symbol's specification for an account in ``currency``.

    MT5 tells a tick's value in the account's currency, the wire in the profit currency. Where
    profit is price difference × contract size it follows from those; a future in another currency
    cannot be told and is a BadFigure.
    """
    told = _named(terminal.SYMBOL, raw)
    if told["trade_calc_mode"] in _BY_CONTRACT:
        size, tick_size = _decimal(told["trade_contract_size"]), _decimal(told["trade_tick_size"])
        value = text(float(size * tick_size))
    elif told["currency_profit"] == currency:
        value = text(told["trade_tick_value"])
    else:
        raise BadFigure("the tick value of a future in another currency")
    return _checked(
        SymbolResult,
        told["name"],
        told["digits"],
        text(told["trade_contract_size"]),
        text(told["trade_tick_size"]),
        value,
        told["currency_base"],
        told["currency_profit"],
        told["currency_margin"],
        told["trade_calc_mode"],
    )


def is_master(raw: Sequence[Any]) -> bool:
    """True when the account may trade: a master password was given."""
    return bool(_named(terminal.ACCOUNT, raw)["trade_allowed"])


def digits_of(raw: Sequence[Any]) -> int:
    """The account's currency digits."""
    return int(_named(terminal.ACCOUNT, raw)["currency_digits"])


def balance_of(raw: Sequence[Any]) -> int:
    """The account's balance in minor units."""
    return money(_named(terminal.ACCOUNT, raw)["balance"], digits_of(raw))


def _order(told: dict[str, Any]) -> OrderRow:
    return _checked(
        OrderRow,
        told["ticket"],
        told["position_id"],
        told["symbol"],
        _side(told["type"], 7),
        text(told["volume_initial"]),
        text(told["price_open"]),
        told["time_setup_msc"],
        told["time_done_msc"] or None,
    )


def _checked(kind: type[M], *values: Any) -> M:
    """Build a row through the protocol's own checks. Raises BadFigure naming row and place."""
    tag = kind.__struct_config__.tag
    try:
        return msgspec.convert(values if tag is None else (tag, *values), kind)
    except msgspec.ValidationError as error:
        place = str(error).rpartition(" - at ")[2] if " - at " in str(error) else "?"
        raise BadFigure(f"{kind.__name__} {place}") from None


def _named(fields: tuple[str, ...], raw: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(fields, raw, strict=True))


def _decimal(value: float) -> Decimal:
    if not isfinite(value):
        raise BadFigure("a figure that is not a number")
    return Decimal(repr(value))


def _mode(number: int) -> str:
    if not 0 <= number < len(_MARGIN_MODES):
        raise BadFigure(f"margin mode {number}")
    return _MARGIN_MODES[number]


def _side(number: int, most: int) -> Side:
    """Even order and position types buy, odd ones sell."""
    if not 0 <= number <= most:
        raise BadFigure(f"type {number}")
    return Side.SELL if number % 2 else Side.BUY
