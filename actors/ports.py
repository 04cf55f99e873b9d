"""Ports of the account actor: what it needs from the world, told in its own words.

Storage and the MT5 client implement these; `actors` imports neither of them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from attrs import field, frozen

from actors.domain.account import AccountInstance, ConnectionState, Outcome, Status, Tier
from actors.domain.deals import Deal
from actors.domain.life import StoredLife
from actors.domain.prices import Bars, SymbolSpec, Ticks
from actors.domain.snapshot import Observation
from actors.domain.state import Effects


class Clock(Protocol):
    """The only source of time: aware UTC wall time, and monotonic seconds."""

    def now(self) -> datetime:
        """Wall clock, aware UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back; trio's clock, so that a MockClock drives it."""
        ...


class StoreUnavailable(Exception):
    """Storage did not answer in time or is gone; the unit's outcome is unknown, retry the same."""


class Fenced(Exception):
    """This node no longer owns the account; its writes are refused and the actor must stop."""


class StaleSync(Exception):
    """The stored sync_seq is past this unit's: the actor must reload from storage."""


@frozen
class Credentials:
    """What a terminal needs to log in. ``password`` never shows in a repr."""

    login: str
    server: str
    password: str = field(repr=False)


@frozen
class BrokerAccount:
    """The account as named at login. ``margin_mode``: netting, exchange or hedging.

    ``offset_differs_seconds``: how far the bridge's offset is from the configured zone's, which
    is the one used; 0 also when the bridge knows none.
    """

    login: str
    server: str
    name: str
    company: str
    currency: str
    currency_digits: int
    leverage: int
    margin_mode: str
    server_offset_seconds: int | None
    offset_source: str
    offset_differs_seconds: int = 0


@frozen
class DealsPage:
    """A page of the deal history in (broker_msc, ticket) order; ``next_*`` None at the end."""

    deals: tuple[Deal, ...]
    total: int
    stable: bool
    next_since_msc: int | None
    next_after_ticket: int | None


Specs: TypeAlias = Mapping[str, SymbolSpec | None]
"""Symbol specifications as far as asked; None for a name that the broker does not know."""


class Session(Protocol):
    """A leased login at a bridge. Every method may raise BrokerError or ProtocolViolation."""

    @property
    def account(self) -> BrokerAccount:
        """The account that the terminal is logged in to, verified against the lease."""
        ...

    async def snapshot(self) -> Observation:
        """Read account and positions coherently."""
        ...

    async def deals(self, since_msc: int, after_ticket: int, limit: int) -> DealsPage:
        """Read deals stamped at or after ``since_msc`` (broker wall milliseconds)."""
        ...

    async def symbol(self, name: str) -> SymbolSpec:
        """Read a symbol's specification."""
        ...

    async def ticks(self, spec: SymbolSpec, since: datetime, until: datetime) -> Ticks:
        """Read a symbol's quotes; a cut range is read on from the last one's stamp."""
        ...

    async def bars(self, spec: SymbolSpec, since: datetime, until: datetime) -> Bars:
        """Read the M1 bars that touch a range; for where ticks are not known."""
        ...

    async def refresh(self) -> None:
        """Ask the terminal to fetch now."""
        ...

    async def close(self) -> None:
        """Give the slot back; never raises BrokerError."""
        ...


class Broker(Protocol):
    """The way to broker terminals: one or more bridges behind one door."""

    async def open(
        self, credentials: Credentials, *, sticky: bool, deadline_seconds: float
    ) -> Session:
        """Log in and hold the slot. Raises BrokerError."""
        ...

    async def verify(self, credentials: Credentials, *, deadline_seconds: float) -> BrokerAccount:
        """Log in, check that the password is an investor's, and log out. Raises BrokerError."""
        ...


@frozen
class LogEntry:
    """One connection log row. ``context`` holds allow-listed keys only, never a credential."""

    request_id: str
    action: str
    status: str
    error_code: str | None
    context: Mapping[str, Any]
    created_at: datetime


@frozen
class SyncUnit:
    """Everything one sync writes, in one idempotent, fenced transaction.

    ``sync_seq`` is the last committed one + 1; with ``fence`` it is the idempotency key.
    ``summary`` and ``standings`` are what is published of them, as JSON, for nodes that do not run
    this actor.
    ``standing`` fields mirror the published state for lists (S2S, status).
    """

    instance: AccountInstance
    fence: int
    sync_seq: int
    observed_at: datetime
    currency: str
    currency_digits: int
    effects: Effects
    summary: bytes
    standings: bytes
    status: Status
    connection_state: ConnectionState
    outcome: Outcome
    tier: Tier
    last_error_code: str | None
    next_sync_at: datetime | None
    log: tuple[LogEntry, ...] = ()


@frozen
class Standing:
    """A change of condition without a sync (rejected, backoff, paused), also fenced.

    ``tier`` None leaves the stored one.
    """

    instance: AccountInstance
    fence: int
    status: Status
    connection_state: ConnectionState
    tier: Tier | None
    last_error_code: str | None
    next_sync_at: datetime | None
    log: tuple[LogEntry, ...] = ()


class AccountStore(Protocol):
    """Storage as one account actor sees it.

    Every method may raise StoreUnavailable (outcome unknown: repeat the same call).
    """

    async def load(self, instance: AccountInstance, *, past: bool = False) -> StoredLife:
        """Everything needed to start the actor of this instance's life; its past if asked for."""
        ...

    async def commit(self, unit: SyncUnit) -> None:
        """Write the unit durably; returns after the commit. Raises Fenced or StaleSync."""
        ...

    async def record(self, standing: Standing) -> None:
        """Write a change of condition. Raises Fenced."""
        ...

    async def credentials(self, instance_id: UUID) -> Credentials | None:
        """Decrypt the investor password; None when it was wiped."""
        ...


@frozen
class Lease:
    """Ownership of an instance by this node. Writes carry ``fence``.

    ``valid_until`` is monotonic seconds: past it the actor stops itself before another node
    could claim the account.
    """

    instance_id: UUID
    fence: int
    valid_until: float
