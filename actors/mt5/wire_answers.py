"""What a bridge answers (MT5 3): accounts, snapshots, deals, prices and error classes."""

from typing import Annotated, Literal

from msgspec import Meta, Raw

from actors.domain.deals import DealEntry, DealReason, DealType
from actors.domain.prices import CalcMode
from actors.domain.snapshot import Side
from actors.errors import BrokerFault
from actors.mt5.wire_fields import (
    BrokerMsc,
    Count,
    Digits,
    LoginText,
    Message,
    Milliseconds,
    Minor,
    OffsetSeconds,
    OffsetSource,
    Price,
    RequestId,
    SessionId,
    SlotState,
    SymbolName,
    Text,
    Ticket,
    Version,
    Volume,
)


class AccountRow(Message, frozen=True):
    """The account that the terminal is logged in to. ``trade_allowed``: a master password."""

    login: LoginText
    server: Text
    name: Text
    company: Text
    currency: Text
    currency_digits: Digits
    leverage: Count
    margin_mode: Literal["netting", "exchange", "hedging"]
    trade_allowed: bool
    server_offset_seconds: OffsetSeconds | None
    offset_source: OffsetSource


class PositionRow(Message, frozen=True):
    """An open position; ``profit`` and ``swap`` in minor units."""

    position_id: Ticket
    symbol: SymbolName
    side: Side
    volume: Volume
    open_price: Price
    current_price: Price
    stop_loss: Price | None
    take_profit: Price | None
    profit: Minor
    swap: Minor
    opened_broker_msc: BrokerMsc


class OrderRow(Message, frozen=True):
    """An order, working or filled."""

    ticket: Ticket
    position_id: Ticket
    symbol: SymbolName
    side: Side
    volume: Volume
    price: Price
    setup_broker_msc: BrokerMsc
    done_broker_msc: BrokerMsc | None


class DealRow(Message, frozen=True):
    """A deal as the broker delivers it; amounts in minor units with their sign."""

    ticket: Ticket
    position_id: Ticket
    order: Ticket
    type: DealType
    entry: DealEntry
    reason: DealReason
    symbol: SymbolName
    volume: Volume
    price: Price
    profit: Minor
    commission: Minor
    swap: Minor
    fee: Minor
    broker_msc: BrokerMsc
    comment: Annotated[str, Meta(max_length=64)]


class TickRow(Message, frozen=True):
    """One quote."""

    broker_msc: BrokerMsc
    bid: Price
    ask: Price


class BarRow(Message, frozen=True):
    """One minute bar of the bid."""

    broker_msc: BrokerMsc
    open: Price
    high: Price
    low: Price
    close: Price
    spread: Count


class BalanceCheck(Message, frozen=True):
    """Sum of all non-credit deals against the balance."""

    sum: Minor
    balance: Minor
    ok: bool


class Failed(Message, frozen=True, tag="error"):
    """The operation failed with a known class."""

    fault: BrokerFault
    retry_after_ms: Milliseconds | None


class Opened(Message, frozen=True, tag="opened"):
    """A slot is held; ``state`` is the slot's."""

    session_id: SessionId
    slot: Count
    state: Literal["history_loading", "ready"]
    account: AccountRow
    build: Text


class Verified(Message, frozen=True, tag="verified"):
    """The account that answered to the credentials."""

    account: AccountRow


class SnapshotResult(Message, frozen=True, tag="snapshot"):
    """One coherent read. ``age_ms``: bridge's monotonic milliseconds since the read finished."""

    login: LoginText
    server: Text
    balance: Minor
    equity: Minor
    credit: Minor
    margin: Minor
    free_margin: Minor
    currency: Text
    currency_digits: Digits
    positions: tuple[PositionRow, ...]
    orders: tuple[OrderRow, ...]
    connected: bool
    ping_last_us: Count
    age_ms: Milliseconds
    seq: Count


class DealsResult(Message, frozen=True, tag="deals"):
    """A page of deals; the cursor is None at the end."""

    items: tuple[DealRow, ...]
    deals_total: Count
    history_state: Literal["loading", "stable"]
    next_since_msc: BrokerMsc | None
    next_after_ticket: Ticket | None
    balance_check: BalanceCheck


class OrdersResult(Message, frozen=True, tag="orders"):
    """A page of closed orders; the cursor is None at the end."""

    items: tuple[OrderRow, ...]
    next_since_msc: BrokerMsc | None
    next_after_ticket: Ticket | None


class TicksResult(Message, frozen=True, tag="ticks"):
    """Ticks, oldest first; the first is the quote in force at ``from_msc`` where it is known.

    ``complete`` False: the range was cut after the last item (ask again from its stamp), or with
    no items that it is not known. Complete without items: no quote came.
    """

    items: tuple[TickRow, ...]
    complete: bool


class BarsResult(Message, frozen=True, tag="bars"):
    """Bars of the minutes that touch the range; ``complete`` as for ticks."""

    items: tuple[BarRow, ...]
    complete: bool


class SymbolResult(Message, frozen=True, tag="symbol"):
    """A symbol's specification. ``tick_value`` in the profit currency for one lot."""

    name: SymbolName
    digits: Digits
    contract_size: Volume
    tick_size: Price
    tick_value: Price
    currency_base: Text
    currency_profit: Text
    currency_margin: Text
    calc_mode: CalcMode


class Done(Message, frozen=True, tag="done"):
    """The operation has no further answer."""


class SlotCount(Message, frozen=True):
    """How many of a bridge's slots are in one state."""

    state: SlotState
    slots: Count


class ServerOffset(Message, frozen=True):
    """How far a server's clock is ahead of UTC, as the bridge last found it.

    ``age_ms``: how long ago it was last confirmed, 0 where it is configured or unknown.
    """

    server: Text
    offset_seconds: OffsetSeconds | None
    source: OffsetSource
    age_ms: Milliseconds


class HealthResult(Message, frozen=True, tag="health"):
    """Slots by state, login times of late, and the server clocks that the bridge knows.

    ``slots_busy`` are those that a session holds; states without a slot may be left out.
    """

    slots_total: Count
    slots_busy: Count
    slots: tuple[SlotCount, ...]
    login_p50_ms: Milliseconds
    login_p95_ms: Milliseconds
    offsets: tuple[ServerOffset, ...]
    build: Text


ResponseBody = (
    Failed
    | Opened
    | Verified
    | SnapshotResult
    | DealsResult
    | OrdersResult
    | TicksResult
    | BarsResult
    | SymbolResult
    | Done
    | HealthResult
)


class Response(Message, frozen=True):
    """An answer's frame, as the bridge writes it."""

    version: Version
    request_id: RequestId
    body: ResponseBody


class ResponseHead(Message, frozen=True):
    """An answer's frame, as the client first reads it: a bad body must not hide whose it is."""

    version: Version
    request_id: RequestId
    body: Raw
