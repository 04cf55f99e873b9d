"""Raw tables to typed rows: every figure exact, every fault named with its row and column."""

import re
from collections.abc import Iterable
from decimal import Decimal

from attrs import evolve

from actors.domain.deals import DealEntry, DealType
from actors.domain.snapshot import Side
from actors.mt5.report_cells import (
    ReportError,
    broker_msc,
    decimals_of,
    need_number,
    number,
    number_or_none,
    number_or_zero,
    plain,
    whole,
)
from actors.mt5.report_rows import DealRow, Footer, Header, OpenRow, OrderRow, PositionRow
from actors.mt5.report_table import RawRow
from actors.mt5.report_vocabulary import Vocabulary, is_trade_row, operation
from actors.mt5.report_words import MODES, fold

_LEVERAGE = r"(?:\s*1:[0-9]+\s*,)?"  # printed by older terminals
_ACCOUNT = re.compile(
    rf"([0-9]{{1,19}})\s*\(([^(),]{{2,12}}),{_LEVERAGE}"
    r"\s*([^,]{1,64})(?:,\s*([^,)]*))?(?:,\s*([^)]*))?\)"
)
_NO_DECIMALS = {"JPY", "KRW", "VND", "CLP", "ISK", "PYG", "UGX", "XAF", "XOF"}
_MOST_DECIMALS = 12


def header(head: Iterable[RawRow]) -> Header | None:
    """The account named above the tables; None when no row has the form of one."""
    rows = [row for _, row in head]
    for at, row in enumerate(rows):
        match = _ACCOUNT.fullmatch(plain(row[-1]))
        if match is None:
            continue
        login, currency, server, trade_mode, margin_mode = match.groups()
        below = [plain(each[-1]) for each in rows[at + 1 :] if len(each) > 1]
        dates = [msc for msc in map(broker_msc, below) if msc is not None]
        company = below[0] if below and broker_msc(below[0]) is None else ""
        name = plain(rows[at - 1][-1]) if at and len(rows[at - 1]) > 1 else ""
        return Header(
            login,
            currency.strip(),
            server.strip(),
            (trade_mode or "").strip(),
            MODES.get(fold(margin_mode or "")),
            name,
            company,
            dates[0] if dates else None,
        )
    return None


def currency_digits(currency: str, printed: Iterable[str], *, spreadsheet: bool) -> int:
    """Decimals of the account's money: as printed, or the currency's where zeros are dropped."""
    usual = 0 if currency.upper() in _NO_DECIMALS else 2
    seen = [decimals_of(value) for value in map(number, printed) if value is not None]
    if not seen:
        return usual
    return min(max([*seen, usual]) if spreadsheet else max(seen), _MOST_DECIMALS)


def _time(text: str, row: int, column: str) -> int:
    msc = broker_msc(text)
    if msc is None:
        raise ReportError(
            f"row {row}, {column}: {text[:40]!r} is no time; allowed: 2026.04.02 11:28:38"
        )
    return msc


def _ticket(text: str, row: int, column: str) -> int:
    value = whole(text)
    if value is None:
        raise ReportError(f"row {row}, {column}: {text[:40]!r} is no ticket; allowed: digits")
    return value


def position(raw: RawRow, words: Vocabulary) -> PositionRow:
    """A row of the positions table; 14 columns hold a fee after the commission."""
    line, row = raw
    has_fee = len(row) > 13
    return PositionRow(
        row=line,
        position_id=_ticket(row[1], line, "position"),
        symbol=plain(row[2]),
        side=words.side(row[3], line),
        volume=need_number(row[4], line, "volume"),
        open_msc=_time(row[0], line, "open time"),
        open_price=need_number(row[5], line, "open price"),
        close_msc=_time(row[8], line, "close time"),
        close_price=need_number(row[9], line, "close price"),
        commission=number_or_zero(row[10], line, "commission"),
        fee=number_or_zero(row[11], line, "fee") if has_fee else Decimal(0),
        swap=number_or_zero(row[12 if has_fee else 11], line, "swap"),
        profit=number_or_zero(row[13 if has_fee else 12], line, "profit"),
    )


def open_position(raw: RawRow, words: Vocabulary) -> OpenRow:
    """A row of the open positions table."""
    line, row = raw
    return OpenRow(
        row=line,
        position_id=_ticket(row[1], line, "position"),
        symbol=plain(row[2]),
        side=words.side(row[3], line),
        volume=need_number(row[4], line, "volume"),
        open_msc=_time(row[0], line, "open time"),
        open_price=need_number(row[5], line, "open price"),
        stop_loss=number_or_none(row[6], line, "stop loss"),
        take_profit=number_or_none(row[7], line, "take profit"),
        market_price=need_number(row[8], line, "market price"),
        swap=number_or_zero(row[9], line, "swap"),
        profit=number_or_zero(row[10], line, "profit"),
    )


def order(raw: RawRow) -> OrderRow:
    """A row of the orders table; its volume is "asked / filled"."""
    line, row = raw
    asked, _, filled = row[4].partition("/")
    return OrderRow(
        row=line,
        order=_ticket(row[1], line, "order"),
        symbol=plain(row[2]),
        kind=plain(row[3]),
        volume=need_number(asked, line, "volume"),
        filled=need_number(filled, line, "filled volume"),
        placed_msc=_time(row[0], line, "open time"),
        done_msc=_time(row[8], line, "time"),
        state=plain(row[9]),
        comment=plain(row[10]),
    )


def deals(raw_rows: Iterable[RawRow], words: Vocabulary) -> tuple[list[DealRow], list[str]]:
    """The deals in row order, and notes on account operations whose word was not known."""
    rows: list[DealRow] = []
    notes: list[str] = []
    for line, row in raw_rows:
        deal = _deal(line, row, words)
        if not is_trade_row(row):
            before = rows[-1].balance if rows else Decimal(0)
            moved = deal.balance != before or deal.amount == 0
            kind, known = operation(row[3], directed=bool(plain(row[4])), moved=moved)
            if not known:
                meaning = kind.name.lower()
                notes.append(f"row {line}: unknown word {row[3][:40]!r} was read as {meaning}")
            moves = moved or kind is not DealType.CREDIT
            deal = evolve(deal, type=kind, entry=DealEntry.IN, moves_balance=moves)
        rows.append(deal)
    return rows, notes


def _deal(line: int, row: tuple[str, ...], words: Vocabulary) -> DealRow:
    """A deal row; money columns go by position from the end, where 14 and more hold a fee.

    A fifteenth column is the cost, which is part of no balance.
    """
    has_fee = len(row) > 13
    trade = is_trade_row(row)
    selling = trade and words.side(row[3], line) is Side.SELL
    return DealRow(
        row=line,
        ticket=_ticket(row[1], line, "deal"),
        broker_msc=_time(row[0], line, "time"),
        symbol=plain(row[2]),
        type=DealType.SELL if selling else DealType.BUY,
        entry=words.entries[fold(row[4])] if trade else DealEntry.IN,
        volume=number_or_zero(row[5], line, "volume"),
        price=number_or_zero(row[6], line, "price"),
        order=whole(row[7]) or 0,
        commission=number_or_zero(row[-6 if has_fee else -5], line, "commission"),
        fee=number_or_zero(row[-5], line, "fee") if has_fee else Decimal(0),
        swap=number_or_zero(row[-4], line, "swap"),
        profit=number_or_zero(row[-3], line, "profit"),
        balance=need_number(row[-2], line, "balance"),
        comment=plain(row[-1]),
    )


def footer(values: tuple[str, ...] | None) -> Footer | None:
    """The seven figures under the tables, in their printed order."""
    if values is None:
        return None
    figures = [number(value.replace("%", "")) or Decimal(0) for value in values]
    balance, free_margin, credit, margin, floating, _level, equity = figures
    return Footer(balance, credit, floating, equity, margin, free_margin)
