"""Server-to-server bodies and replies: connect, tokens, the staff's accounts, users."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from actors.domain.account import Status
from actors.domain.history import AccountSort
from web.schemas.base import Form, PageNumber, PageSize, Reply, UserId
from web.schemas.messages import MessageCode
from web.schemas.summary import SummaryReply

Phase = Annotated[int, Meta(ge=0, le=9)]
StaffId = Annotated[str, Meta(pattern="^[A-Za-z0-9._@:-]{1,64}$(?!\n)")]


class ConnectBody(Form, frozen=True, kw_only=True):
    """The seed's connect body and its optional additions."""

    login: str
    investor_pass: str
    server: str
    account_type: str
    wp_user_id: UserId
    initial_balance: Decimal | None = None
    order_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    currency: str | None = None
    phase: Phase | None = None


class ConnectReply(Reply, frozen=True, kw_only=True):
    """200 connected, 202 still connecting."""

    success: bool
    account_id: UUID
    message: str
    code: MessageCode
    rev: int | None = None


class ExchangeBody(Form, frozen=True, kw_only=True):
    """For whom a token is wanted. ``act`` (staff id, admin scope) makes it read-only."""

    wp_user_id: UserId
    account_ids: Annotated[list[UUID], Meta(min_length=1, max_length=24)] | None = None
    act: StaffId | None = None


class TokenReply(Reply, frozen=True, kw_only=True):
    """A bearer token for 15 minutes."""

    token: str
    expires_at: datetime


class CodeReply(Reply, frozen=True, kw_only=True):
    """A code to be redeemed once, within 60 seconds."""

    code: str
    expires_at: datetime


class RedeemBody(Form, frozen=True, kw_only=True):
    """The code from the URL fragment."""

    code: Annotated[str, Meta(min_length=16, max_length=256)]


class StaffAccountsQuery(Form, frozen=True, kw_only=True):
    """Filters and order of the staff's account list; equal accounts come newest first."""

    status: Status | None = None
    q: Annotated[str, Meta(min_length=1, max_length=100)] | None = None
    wp_user_id: UserId | None = None
    sort: AccountSort = "-created"
    page: PageNumber = 1
    limit: PageSize = 50


class StaffAccount(Reply, frozen=True, kw_only=True):
    """One account for the shop's staff."""

    account_id: UUID
    instance_id: UUID
    wp_user_id: int
    login: str
    server: str
    account_type: str
    order_id: str | None
    is_active: bool
    created_at: datetime
    last_error_code: str | None
    discrepancies: int
    summary: SummaryReply


class StaffAccounts(Reply, frozen=True, kw_only=True):
    """A page of the site's accounts, newest first."""

    accounts: list[StaffAccount]
    total: int
    page: int
    limit: int


class PageQuery(Form, frozen=True, kw_only=True):
    """A page of a list."""

    page: PageNumber = 1
    limit: PageSize = 50


class LogItem(Reply, frozen=True, kw_only=True):
    """One row of an account's connection log."""

    log_id: UUID
    instance_id: UUID | None
    request_id: str
    action: str
    status: str
    error_code: str | None
    context: dict[str, Any]
    created_at: datetime


class LogReply(Reply, frozen=True, kw_only=True):
    """A page of the log, newest first."""

    logs: list[LogItem]
    total: int
    page: int
    limit: int


class StaffAction(Form, frozen=True, kw_only=True):
    """Who of the staff does it, and why; both are written to the audit log."""

    actor: str
    reason: str


class CredentialsBody(StaffAction, frozen=True, kw_only=True):
    """A new investor password: a new instance in the same life."""

    investor_pass: str


class ResetBody(StaffAction, frozen=True, kw_only=True):
    """A new life: the same plan again, another plan, or another phase."""

    account_type: str | None = None
    phase: Phase | None = None


class InitialBalanceBody(StaffAction, frozen=True, kw_only=True):
    """The initial balance, set by hand, in whole units of the account's currency."""

    initial_balance: Decimal


class OverrideBody(StaffAction, frozen=True, kw_only=True):
    """A human's decision on a violation."""

    decision: Annotated[str, Meta(pattern="^[a-z_]{1,32}$(?!\n)")]


class CommandReply(Reply, frozen=True, kw_only=True):
    """A command was carried out (200) or is under way (202)."""

    success: bool
    code: MessageCode
    message: str
    account_id: UUID | None = None
    rev: int | None = None


class ExportReply(Reply, frozen=True, kw_only=True):
    """What is stored about a user."""

    wp_user_id: int
    exported_at: datetime
    stored: dict[str, Any]


class PingReply(Reply, frozen=True, kw_only=True):
    """The plugin's connection test: the signature holds; how far the caller's clock is off."""

    ok: bool
    key_id: str
    site_id: str
    scopes: list[str]
    skew_seconds: int
    version: str
    server_now: datetime
