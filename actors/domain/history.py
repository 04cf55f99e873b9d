"""Read models: what storage answers when a reader asks for the past.

Money is in whole currency units as exact decimals; None = unknown. Times are aware UTC.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from attrs import frozen

from actors.domain.account import (
    Account,
    AccountInstance,
    ConnectionState,
    Outcome,
    Status,
    Tier,
)
from actors.domain.violation import Seal

T = TypeVar("T")
AccountSort = Literal[
    "created",
    "-created",
    "login",
    "-login",
    "server",
    "-server",
    "state",
    "-state",
    "last_sync",
    "-last_sync",
]


@frozen
class AccountRow:
    """An account with its newest instance and how it stood at the last write.

    ``summary`` and ``standings`` are JSON; a row of a list has no standings. ``discrepancies``
    counts the life's stored ones.
    """

    account: Account
    instance: AccountInstance
    connection_state: ConnectionState
    outcome: Outcome
    tier: Tier
    sync_seq: int
    last_sync_at: datetime | None
    next_sync_at: datetime | None
    last_error_code: str | None
    violations: int
    currency: str | None
    currency_digits: int | None
    summary: bytes | None
    standings: bytes | None = None
    discrepancies: int = 0


@frozen
class AccountFilter:
    """Filters and order of the staff's account list; None means all.

    ``q`` matches login, server, order. Logins sort as numbers; ``state`` is the connection's state
    as last written, "deactivated" for an ended account; one never read has the oldest last sync.
    """

    site_id: str
    status: Status | None = None
    q: str | None = None
    wp_user_id: int | None = None
    sort: AccountSort = "-created"


@frozen
class TradeRow:
    """One trade for a reader; the seed's fields and what RULES 8 adds.

    ``open_lots`` are not closed yet; ``deals`` counts the deals that the trade is made of.
    """

    ticket: str
    symbol: str
    type: Literal["BUY", "SELL"]
    open_time: datetime | None
    close_time: datetime | None
    open_price: Decimal | None
    close_price: Decimal | None
    lots: Decimal
    profit: Decimal
    commission: Decimal
    swap: Decimal
    fee: Decimal
    net: Decimal
    open_lots: Decimal
    deals: int


@frozen
class DealRow:
    """One deal for a reader. ``type``, ``entry`` and ``reason`` are MT5's names of them.

    ``position_id`` is 0 for deals that are no trades (a deposit, a charge).
    """

    ticket: int
    position_id: int
    order_ticket: int
    time: datetime
    symbol: str
    type: str
    entry: str
    reason: str
    lots: Decimal
    price: Decimal
    profit: Decimal
    commission: Decimal
    swap: Decimal
    fee: Decimal
    net: Decimal
    comment: str


@frozen
class DealPage:
    """The first deals of a trade, oldest first; ``total`` counts all of them."""

    deals: tuple[DealRow, ...]
    total: int


@frozen
class TradeFilter:
    """Filters, order and position of a trades page. ``cursor`` (opaque) overrides ``page``."""

    page: int = 1
    limit: int = 50
    symbol: str | None = None
    side: Literal["BUY", "SELL"] | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None
    sort: Literal["close_time", "-close_time", "open_time", "-open_time", "net", "-net"] = (
        "-open_time"
    )
    state: Literal["open", "closed"] | None = None
    cursor: str | None = None


@frozen
class TradePage:
    """A page of trades; ``total`` counts all that match, whatever the page."""

    trades: tuple[TradeRow, ...]
    total: int
    next_cursor: str | None


@frozen
class CurvePoint:
    """One point of the equity curve; min and max are preserved when points are merged."""

    at: datetime
    balance: Decimal
    equity: Decimal
    equity_min: Decimal
    equity_max: Decimal


@frozen
class CurveGap:
    """A span without a reading inside the tier's promise: drawn as unknown, never joined."""

    from_at: datetime
    to_at: datetime


@frozen
class CurveFlow:
    """Money that came or went without a trade: a deposit, a withdrawal, a correction, a bonus."""

    at: datetime
    type: str
    amount: Decimal


@frozen
class Curve:
    """The equity curve between two instants, at most the asked number of points and flows."""

    points: tuple[CurvePoint, ...]
    gaps: tuple[CurveGap, ...]
    flows: tuple[CurveFlow, ...] = ()


@frozen
class Sparkline:
    """An account's equity as a small picture: the last value of each piece of the span."""

    account_id: UUID
    points: tuple[tuple[datetime, Decimal], ...]


@frozen
class RuleDayRow:
    """One rule on one rule day for a reader (newest revision)."""

    rule_id: str
    date: date
    revision: int
    start_at: datetime
    end_at: datetime
    anchor: Decimal | None
    anchor_grade: str
    floor: Decimal | None
    allowance: Decimal | None
    worst: Decimal | None
    used: Decimal | None
    level: str
    closed_result: Decimal
    opened: int
    closed: int
    unproven: bool
    coverage: dict[str, float]


@frozen
class OverrideRow:
    """A human's word on a violation: appended, nothing is overwritten."""

    override_id: UUID
    decision: str
    reason: str
    actor: str
    created_at: datetime


@frozen
class ViolationRow:
    """A stored violation. ``evidence`` only when one violation is asked for."""

    violation_id: UUID
    account_id: UUID
    instance_id: UUID
    rule_id: str
    rule_type: str
    rule_date: date
    severity: str
    verdict: str
    grade: str
    threshold_value: Decimal
    current_value: Decimal
    is_primary: bool
    occurred_at: datetime
    detected_at: datetime
    overrides: tuple[OverrideRow, ...] = ()
    evidence: dict[str, Any] | None = None
    seal: Seal | None = None


@frozen
class DiscrepancyRow:
    """What late facts contradict, for a human (``Discrepancy``); facts are None once erased."""

    kind: str
    subject: str
    rule_date: date | None
    occurred_at: datetime
    noticed_at: datetime
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@frozen
class LogRow:
    """One connection log row for staff."""

    log_id: UUID
    instance_id: UUID | None
    request_id: str
    action: str
    status: str
    error_code: str | None
    context: dict[str, Any]
    created_at: datetime


@frozen
class Page(Generic[T]):
    """A page of rows and the count of all that match."""

    items: tuple[T, ...]
    total: int
