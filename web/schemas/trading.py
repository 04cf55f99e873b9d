"""Trades, equity and rule days."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, field

from web.schemas.base import Form, PageNumber, PageSize, Reply


class InstanceQuery(Form, frozen=True, kw_only=True):
    """Every read of an account can name one of its instances."""

    instance: UUID | None = None


class TradesQuery(InstanceQuery, frozen=True, kw_only=True):
    """Page, filters and order of trades. ``cursor`` overrides ``page``."""

    page: PageNumber = 1
    limit: PageSize = 50
    symbol: Annotated[str, Meta(min_length=1, max_length=32)] | None = None
    side: Literal["BUY", "SELL"] | None = None
    from_: Annotated[datetime, Meta(tz=True)] | None = field(default=None, name="from")
    to: Annotated[datetime, Meta(tz=True)] | None = None
    sort: Literal["close_time", "-close_time", "open_time", "-open_time", "net", "-net"] = (
        "-open_time"
    )
    state: Literal["open", "closed"] | None = None
    cursor: Annotated[str, Meta(min_length=1, max_length=256)] | None = None


class TradeItem(Reply, frozen=True, kw_only=True):
    """One position. Opening fields are null when it was opened before the known history.

    ``open_lots`` are not closed yet; ``deals`` counts the deals behind it.
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


class TradesReply(Reply, frozen=True, kw_only=True):
    """A page of trades; ``total`` counts all that match."""

    trades: list[TradeItem]
    total: int
    page: int
    limit: int
    next_cursor: str | None


class DealItem(Reply, frozen=True, kw_only=True):
    """One deal of a trade, whole: a netting reversal belongs to the trade before and after it."""

    ticket: int
    position_id: int
    order_ticket: int
    time: datetime
    symbol: str
    type: Literal["BUY", "SELL"]
    entry: Literal["IN", "OUT", "INOUT", "OUT_BY"]
    reason: Literal[
        "CLIENT",
        "MOBILE",
        "WEB",
        "EXPERT",
        "STOP_LOSS",
        "TAKE_PROFIT",
        "STOP_OUT",
        "ROLLOVER",
        "VARIATION_MARGIN",
        "SPLIT",
    ]
    lots: Decimal
    price: Decimal
    profit: Decimal
    commission: Decimal
    swap: Decimal
    fee: Decimal
    net: Decimal
    comment: str


class DealsReply(Reply, frozen=True, kw_only=True):
    """The deals of one trade, oldest first, at most 1,000; ``total`` counts all of them."""

    ticket: str
    deals: list[DealItem]
    total: int


class EquityQuery(InstanceQuery, frozen=True, kw_only=True):
    """With ``from`` and ``to`` the reply also holds the curve between them."""

    from_: Annotated[datetime, Meta(tz=True)] | None = field(default=None, name="from")
    to: Annotated[datetime, Meta(tz=True)] | None = None
    points: Annotated[int, Meta(ge=2, le=2000)] = 500


class CurvePoint(Reply, frozen=True, kw_only=True):
    """One point; minimum and maximum are kept when points are merged."""

    at: datetime
    balance: Decimal
    equity: Decimal
    equity_min: Decimal
    equity_max: Decimal


class CurveGap(Reply, frozen=True, kw_only=True):
    """A span without a reading: unknown, not to be joined."""

    from_at: datetime
    to_at: datetime


class CurveFloor(Reply, frozen=True, kw_only=True):
    """The floor of a rule during one rule day."""

    rule_id: str
    start_at: datetime
    end_at: datetime
    floor: Decimal
    anchor: Decimal | None
    anchor_grade: str


class CurveFlow(Reply, frozen=True, kw_only=True):
    """A deposit (more than 0) or a withdrawal, and whatever else moves money without a trade."""

    at: datetime
    type: Literal["balance", "correction", "bonus"]
    amount: Decimal


class EquityCurve(Reply, frozen=True, kw_only=True):
    """The curve between two instants; floors of the rule days that it crosses, and flows."""

    from_at: datetime
    to_at: datetime
    points: list[CurvePoint]
    gaps: list[CurveGap]
    floors: list[CurveFloor]
    flows: list[CurveFlow]


class EquityReply(Reply, frozen=True, kw_only=True):
    """The current equity, and the curve where a span was asked for."""

    account_id: UUID
    rev: int
    currency: str | None
    balance: Decimal | None
    equity: Decimal | None
    credit: Decimal | None
    floating: Decimal | None
    margin: Decimal | None
    free_margin: Decimal | None
    recorded_at: datetime | None
    data_age_seconds: float | None
    stale: bool
    server_now: datetime
    curve: EquityCurve | None


class RuleDayItem(Reply, frozen=True, kw_only=True):
    """One rule on one rule day (newest revision)."""

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


class DaysReply(Reply, frozen=True, kw_only=True):
    """The rule-day calendar, newest first."""

    account_id: UUID
    days: list[RuleDayItem]
