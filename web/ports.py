"""Ports of the web layer: what the routes need, told in their own words.

The supervisor wires them to the registry, the storage and its own commands. Every read of an
account takes the Principal: a foreign account is None, which the routes answer as 404.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from attrs import field, frozen

from actors.domain.account import Owner
from actors.domain.history import (
    AccountFilter,
    AccountRow,
    Curve,
    DealPage,
    DiscrepancyRow,
    LogRow,
    Page,
    RuleDayRow,
    Sparkline,
    TradeFilter,
    TradePage,
    ViolationRow,
)
from actors.domain.published import Published
from actors.domain.shown import Shown
from actors.domain.statistics.life_statistics import LifeStatistics


class Unavailable(Exception):
    """The storage behind a port does not answer; the routes say 503 and change nothing."""


class Clock(Protocol):
    """Aware UTC wall time and monotonic seconds."""

    def now(self) -> datetime:
        """Wall clock, aware UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...


@frozen
class Principal:
    """Who asks, from a verified token. ``accounts`` None = all of the owner's accounts.

    ``act``: staff id of a read-only token for a customer's page. ``epoch``: the token's own.
    """

    owner: Owner
    accounts: frozenset[UUID] | None
    token_id: str
    act: str | None = None
    epoch: int = 0


@frozen
class SiteKey:
    """One S2S key: its site, its scopes (connect, exchange, admin, ops) and its secret bytes."""

    key_id: str
    site_id: str
    scopes: frozenset[str]
    secret: bytes = field(repr=False)


@frozen
class Caller:
    """Who calls server-to-server, from a verified signature."""

    key_id: str
    site_id: str
    scopes: frozenset[str]


@frozen
class View:
    """An account as a reader may see it now: its rows, and the live state if an actor runs here.

    ``published`` None means that no actor of this node holds it; then ``row.summary`` (JSON of
    the last commit) answers and is marked stale by its age. ``stale``: storage is away, this is
    what is known here.
    """

    row: AccountRow
    published: Published | None
    stale: bool = False


@frozen
class ToldStatistics:
    """The statistics of a life, and the account as it was when they were told."""

    view: View
    told: LifeStatistics


@frozen
class ToldLife:
    """A whole life, and the account as it was when it was told. ``ended_at`` None: it goes on."""

    view: View
    shown: Shown
    ended_at: datetime | None


class Accounts(Protocol):
    """Reading accounts: the actors' published states, and storage for history."""

    async def list(self, who: Principal) -> tuple[View, ...]:
        """All accounts that the principal may read."""
        ...

    async def view(self, who: Principal, account_id: UUID, instance_id: UUID | None) -> View | None:
        """One account (its newest instance unless one is named); None when not the principal's."""
        ...

    async def instances(self, who: Principal, account_id: UUID) -> tuple[AccountRow, ...] | None:
        """Its instances, newest first."""
        ...

    async def trades(
        self, who: Principal, account_id: UUID, instance_id: UUID | None, wanted: TradeFilter
    ) -> TradePage | None:
        """A page of trades of the instance's life. ValueError on a bad cursor."""
        ...

    async def deals(
        self, who: Principal, account_id: UUID, instance_id: UUID | None, ticket: str
    ) -> DealPage | None:
        """The deals of one trade of the instance's life; None when there is no such trade."""
        ...

    async def curve(
        self,
        who: Principal,
        account_id: UUID,
        instance_id: UUID | None,
        from_at: datetime,
        to_at: datetime,
        points: int,
    ) -> Curve | None:
        """The equity curve, at most ``points`` points, minima and maxima preserved."""
        ...

    async def sparklines(
        self, who: Principal, account_ids: tuple[UUID, ...]
    ) -> tuple[Sparkline, ...]:
        """The equity of the last week of those of the accounts that are the principal's."""
        ...

    async def days(
        self, who: Principal, account_id: UUID, instance_id: UUID | None
    ) -> tuple[RuleDayRow, ...] | None:
        """The rule-day calendar, newest first."""
        ...

    async def statistics(
        self, who: Principal, account_id: UUID, instance_id: UUID | None
    ) -> ToldStatistics | None:
        """The statistics of the instance's life."""
        ...

    async def life(
        self, who: Principal, account_id: UUID, instance_id: UUID | None
    ) -> ToldLife | None:
        """The instance's whole life, whether it runs, runs on another node, or has ended."""
        ...

    async def violations(
        self, who: Principal, account_id: UUID, instance_id: UUID | None
    ) -> tuple[ViolationRow, ...] | None:
        """Violations of the instance's life, newest first, without evidence."""
        ...

    async def discrepancies(
        self, who: Principal, account_id: UUID, instance_id: UUID | None
    ) -> tuple[DiscrepancyRow, ...] | None:
        """What late facts contradict in the instance's life, newest first."""
        ...

    async def evidence(
        self, who: Principal, account_id: UUID, violation_id: UUID
    ) -> ViolationRow | None:
        """One violation with its evidence bundle."""
        ...

    async def settings(self, who: Principal, account_id: UUID) -> Mapping[str, Any] | None:
        """The reader's settings for the account."""
        ...

    async def save_settings(
        self, who: Principal, account_id: UUID, settings: Mapping[str, Any]
    ) -> bool:
        """Replace them; False when the account is not the principal's."""
        ...


class Staff(Protocol):
    """Reading for the shop's staff, within one site."""

    async def accounts(self, wanted: AccountFilter, page: int, limit: int) -> Page[View]:
        """The site's accounts, newest first."""
        ...

    async def account(self, site_id: str, account_id: UUID) -> View | None:
        """One account of the site."""
        ...

    async def logs(
        self, site_id: str, account_id: UUID, page: int, limit: int
    ) -> Page[LogRow] | None:
        """Its connection log, newest first."""
        ...


class Answer(StrEnum):
    """How a command ended. The routes map each to a status code and a message code."""

    DONE = "done"
    CONNECTED = "connected"
    CONNECTING = "connecting"
    NOT_FOUND = "not_found"
    OWNED_BY_OTHER = "owned_by_other"
    BAD_CREDENTIALS = "bad_credentials"
    MASTER_PASSWORD = "master_password"
    UNKNOWN_SERVER = "unknown_server"
    UNKNOWN_PLAN = "unknown_plan"
    NEEDS_OPERATOR = "needs_operator"
    LOCKED = "locked"
    INVALID = "invalid"
    IDEMPOTENCY_MISMATCH = "idempotency_mismatch"
    IDEMPOTENCY_RUNNING = "idempotency_running"
    MAILBOX_FULL = "mailbox_full"
    UNAVAILABLE = "unavailable"


@frozen
class CommandResult:
    """Answer of a command, the account it concerns, and the revision known when it was given."""

    answer: Answer
    account_id: UUID | None = None
    rev: int | None = None
    detail: str | None = None


@frozen
class ConnectRequest:
    """A validated connect body. ``body_digest`` is the keyed HMAC of the raw body bytes."""

    site_id: str
    wp_user_id: int
    login: str
    server: str
    account_type: str
    investor_pass: str = field(repr=False)
    initial_balance: Decimal | None = None
    order_id: str | None = None
    currency: str | None = None
    phase: int | None = None


@frozen
class Request:
    """Context of a changing S2S request: who, under which key of idempotency, and why.

    ``body_digest`` is a keyed HMAC of path and raw body, so that the same key with another body
    is told apart without storing the body. ``actor`` and ``reason`` go to the audit log.
    """

    request_id: str
    caller: Caller
    idempotency_key: str
    body_digest: bytes
    actor: str | None = None
    reason: str | None = None


class Commands(Protocol):
    """Changes, carried out by the supervisor: they go on even if the caller hangs up."""

    async def connect(self, request: Request, wanted: ConnectRequest) -> CommandResult:
        """Connect an account; waits at most 10 s for the first login."""
        ...

    async def sync(self, account_id: UUID) -> CommandResult:
        """Ask the actor for a sync now; single-flight."""
        ...

    async def reconnect(self, request: Request, account_id: UUID) -> CommandResult:
        """Leave a rejected or waiting state and log in again."""
        ...

    async def deactivate(self, request: Request, account_id: UUID) -> CommandResult:
        """Stop watching; the password is erased, the history stays."""
        ...

    async def credentials(
        self, request: Request, account_id: UUID, investor_pass: str
    ) -> CommandResult:
        """A new password: a new instance in the same life."""
        ...

    async def reset(
        self, request: Request, account_id: UUID, *, account_type: str | None, phase: int | None
    ) -> CommandResult:
        """Start a new life (reset, or next phase)."""
        ...

    async def initial_balance(
        self, request: Request, account_id: UUID, value: Decimal
    ) -> CommandResult:
        """Set the initial balance by hand."""
        ...

    async def override(self, request: Request, violation_id: UUID, decision: str) -> CommandResult:
        """Append a human's word on a violation."""
        ...

    async def export_user(self, request: Request, owner: Owner) -> Mapping[str, Any]:
        """Everything stored about a user, JSON-ready, never a credential."""
        ...

    async def erase_user(self, request: Request, owner: Owner) -> CommandResult:
        """Pseudonymise a user's rows and erase payloads; digests and verdicts stay."""
        ...

    async def revoke_user(self, request: Request, owner: Owner) -> CommandResult:
        """End all of a user's tokens within 5 s."""
        ...


class Nonces(Protocol):
    """Durable single use of signature nonces."""

    async def claim(self, key_id: str, nonce: str, expires_at: datetime) -> bool:
        """True the first time; False when seen. Raises Unavailable (answered as 503)."""
        ...


class Codes(Protocol):
    """One-time codes for dashboards on their own origin (60 s, single use, stored hashed)."""

    async def issue(self, who: Principal, expires_at: datetime) -> str:
        """A fresh code bound to the principal."""
        ...

    async def redeem(self, code: str, now: datetime) -> Principal | None:
        """The principal, once; None for unknown, used, expired or revoked codes."""
        ...


class Users(Protocol):
    """Users as the token checks need them."""

    async def has_account(self, owner: Owner, accounts: frozenset[UUID] | None) -> bool:
        """True when the owner has at least one account, and all of ``accounts`` when given."""
        ...

    async def epoch(self, owner: Owner) -> int:
        """The user's epoch (0 when never revoked); cached for at most 5 s. Raises Unavailable."""
        ...

    async def epoch_for_reading(self, owner: Owner) -> int:
        """The same; while storage is away, as it told it in the last ten minutes."""
        ...


class Limiter(Protocol):
    """Rate limits by class; fails open to an in-process limiter when Redis is gone."""

    async def take(self, limit_class: str, key: str, per_minute: int) -> float | None:
        """None when allowed, else seconds to wait."""
        ...


class Audit(Protocol):
    """Append-only record of staff and ops actions."""

    async def append(
        self,
        action: str,
        *,
        actor: str,
        site_id: str | None,
        subject: str,
        details: Mapping[str, Any],
    ) -> None:
        """Write one row to the hash-chained audit log."""
        ...
