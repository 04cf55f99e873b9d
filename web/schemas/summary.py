"""The seed's summary with its additions; also what the account list shows of each account."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from actors.domain.account import ConnectionState, Outcome, Status, Tier
from actors.domain.fault_code import FaultCode
from web.schemas.base import Form, Reply


class NextReset(Reply, frozen=True, kw_only=True):
    """The next daily reset: where the floor would be with today's equity, and what is left."""

    at: datetime
    projected_floor: Decimal | None = None
    headroom_after: Decimal | None = None


class SummaryFigures(Reply, frozen=True, kw_only=True):
    """The figures of the last commit; null = unknown. Percentages are 0-100."""

    currency: str | None = None
    currency_digits: int | None = None
    balance_current: Decimal | None = None
    equity_current: Decimal | None = None
    credit_current: Decimal | None = None
    floating_current: Decimal | None = None
    margin_current: Decimal | None = None
    free_margin_current: Decimal | None = None
    initial_balance: Decimal | None = None
    initial_balance_source: str | None = None
    balance_change_abs: Decimal | None = None
    balance_change_pct: Decimal | None = None
    net_result: Decimal | None = None
    dd_all_time_used: Decimal | None = None
    dd_all_time_limit: Decimal | None = None
    dd_all_time_used_pct: Decimal | None = None
    dd_all_time_used_worst: Decimal | None = None
    dd_all_time_floor: Decimal | None = None
    dd_all_time_headroom: Decimal | None = None
    dd_all_time_breached: bool = False
    dd_daily_used: Decimal | None = None
    dd_daily_limit: Decimal | None = None
    dd_daily_used_pct: Decimal | None = None
    dd_daily_used_worst: Decimal | None = None
    dd_daily_floor: Decimal | None = None
    dd_daily_headroom: Decimal | None = None
    dd_daily_breached: bool = False
    dd_daily_reset_at: datetime | None = None
    trading_days: int | None = None
    win_rate: Decimal | None = None
    closed_positions: int | None = None
    open_positions: int | None = None
    plan: str | None = None
    phase: int | None = None
    phase_name: str | None = None
    next_reset: NextReset | None = None
    coverage_unknown_seconds: float | None = None
    violations: int | None = None
    as_of: datetime | None = None
    sync_interval_seconds: float | None = None
    expected_lag_seconds: float | None = None
    worst_lag_seconds: float | None = None
    stale_after_seconds: float | None = None
    broker_utc_offset_seconds: int | None = None


class SummaryReply(SummaryFigures, frozen=True, kw_only=True):
    """The figures, the account's condition, and what depends on the time of the response.

    ``condition_code``: why the connection is in its state; null while nothing is wrong.
    """

    account_id: UUID
    instance_id: UUID
    rev: int
    status: Status
    connection_state: ConnectionState
    condition_code: FaultCode | None
    outcome: Outcome
    tier: Tier
    last_sync_at: datetime | None
    next_sync_at: datetime | None
    dd_daily_seconds_to_reset: int | None
    data_age_seconds: float | None
    stale: bool
    server_now: datetime


class AccountItem(Reply, frozen=True, kw_only=True):
    """One account of the reader, with its summary."""

    account_id: UUID
    instance_id: UUID
    login: str
    server: str
    account_type: str
    is_active: bool
    created_at: datetime
    summary: SummaryReply


class AccountList(Reply, frozen=True, kw_only=True):
    """All accounts of the reader, newest first."""

    accounts: list[AccountItem]
    server_now: datetime


class SparklinesQuery(Form, frozen=True, kw_only=True):
    """Which accounts: at most 50 ids, with commas between them."""

    accounts: Annotated[str, Meta(min_length=36, max_length=1849)]


class SparkPoint(Reply, frozen=True, kw_only=True):
    """The last equity of one piece of the span."""

    at: datetime
    equity: Decimal


class SparklineItem(Reply, frozen=True, kw_only=True):
    """An account's equity of the last week (or since its life began), oldest point first."""

    account_id: UUID
    points: list[SparkPoint]


class SparklinesReply(Reply, frozen=True, kw_only=True):
    """One item for each of the named accounts that are the reader's."""

    sparklines: list[SparklineItem]


class InstanceItem(Reply, frozen=True, kw_only=True):
    """One set of credentials in one life of an account."""

    instance_id: UUID
    life_id: UUID
    status: Status
    reason: str
    plan: str
    phase: int
    outcome: Outcome
    created_at: datetime
    started_at: datetime
    deactivated_at: datetime | None
    predecessor_id: UUID | None


class InstanceList(Reply, frozen=True, kw_only=True):
    """The instances of an account, newest first."""

    account_id: UUID
    instances: list[InstanceItem]
