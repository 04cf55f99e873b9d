"""What a report holds, row by row, as printed: money in whole units as exact decimals.

Times are broker wall time in milliseconds as if UTC; ``row`` is the row number in the file.
"""

from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from actors.domain.deals import DealEntry, DealType
from actors.domain.snapshot import Side


class ReportKind(StrEnum):
    """What a file is: only a history report can be audited."""

    HISTORY = "history"
    POSITIONS = "positions"
    TESTER = "tester"


class MarginMode(StrEnum):
    """How an account keeps positions: many per symbol, or one net position per symbol."""

    HEDGING = "hedging"
    NETTING = "netting"


@frozen
class Header:
    """The account as the report's head names it. Words that are localized stay as printed."""

    login: str
    currency: str
    server: str
    trade_mode: str
    margin_mode: MarginMode | None
    name: str
    company: str
    date_msc: int | None


@frozen
class PositionRow:
    """A closed position. ``fee`` is 0 where the table has no such column."""

    row: int
    position_id: int
    symbol: str
    side: Side
    volume: Decimal
    open_msc: int
    open_price: Decimal
    close_msc: int
    close_price: Decimal
    commission: Decimal
    fee: Decimal
    swap: Decimal
    profit: Decimal


@frozen
class OpenRow:
    """A position open when the report was made. ``profit`` is without swap."""

    row: int
    position_id: int
    symbol: str
    side: Side
    volume: Decimal
    open_msc: int
    open_price: Decimal
    stop_loss: Decimal | None
    take_profit: Decimal | None
    market_price: Decimal
    swap: Decimal
    profit: Decimal


@frozen
class OrderRow:
    """An order that was filled, cancelled or expired; ``kind`` and ``state`` as printed."""

    row: int
    order: int
    symbol: str
    kind: str
    volume: Decimal
    filled: Decimal
    placed_msc: int
    done_msc: int
    state: str
    comment: str


@frozen
class DealRow:
    """A deal in the file's row order, which the balance chain follows.

    ``entry`` is IN on account operations, where it means nothing. ``position_id`` is matched
    from the positions table; 0 on account operations. ``moves_balance`` is False for a credit
    that the printed balance leaves out; terminals count credit in, the footer tells it apart.
    """

    row: int
    ticket: int
    broker_msc: int
    symbol: str
    type: DealType
    entry: DealEntry
    volume: Decimal
    price: Decimal
    order: int
    commission: Decimal
    fee: Decimal
    swap: Decimal
    profit: Decimal
    balance: Decimal
    comment: str
    position_id: int = 0
    moves_balance: bool = True

    @property
    def amount(self) -> Decimal:
        """profit + swap + commission + fee."""
        return self.profit + self.swap + self.commission + self.fee

    @property
    def is_trade(self) -> bool:
        """True for buy and sell deals only."""
        return self.type in (DealType.BUY, DealType.SELL)


@frozen
class Footer:
    """The account's state when the report was made. ``floating`` excludes swap."""

    balance: Decimal
    credit: Decimal
    floating: Decimal
    equity: Decimal
    margin: Decimal
    free_margin: Decimal


@frozen
class PrintedFigure:
    """A figure of the summary as printed; ``decimals`` are those it was rounded to."""

    name: str
    value: Decimal
    decimals: int


@frozen
class Report:
    """A report as read. ``printed`` are the figures of its summary block.

    ``notes`` say in plain words what was inferred, is ambiguous or does not agree.
    """

    kind: ReportKind
    header: Header | None
    currency_digits: int
    positions: tuple[PositionRow, ...]
    orders: tuple[OrderRow, ...]
    deals: tuple[DealRow, ...]
    open_positions: tuple[OpenRow, ...]
    footer: Footer | None
    printed: tuple[PrintedFigure, ...]
    notes: tuple[str, ...]
