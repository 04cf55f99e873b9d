"""Who is watched: accounts, their instances, lives, and the words for their condition."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from attrs import frozen


class Status(StrEnum):
    """The seed's account status, kept on the instance."""

    ACTIVE = "active"
    DEACTIVATED = "deactivated"
    ERROR = "error"


class ConnectionState(StrEnum):
    """What the actor's connection is doing (DESIGN 3). Faults are states, never crashes."""

    CONNECTING = "connecting"
    READY = "ready"
    HISTORY_LOADING = "history_loading"
    UNRECONCILED = "unreconciled"
    BACKOFF = "backoff"
    CREDENTIALS_REJECTED = "credentials_rejected"
    NEEDS_OPERATOR = "needs_operator"
    PAUSED = "paused"
    QUARANTINED = "quarantined"


class Outcome(StrEnum):
    """How the account's phase stands."""

    RUNNING = "running"
    PASSED = "passed"
    BREACHED = "breached"


class Tier(StrEnum):
    """Risk tier, which decides the sync interval (RULES 6)."""

    BREACH_RISK = "breach_risk"
    ACTIVE = "active"
    IDLE = "idle"


class LifeReason(StrEnum):
    """Why an instance was created (DESIGN 4): ``credentials`` keeps the life, others start one."""

    CONNECT = "connect"
    CREDENTIALS = "credentials"
    RESET = "reset"
    PHASE = "phase"


class InitialBalanceSource(StrEnum):
    """Where the initial balance came from (the seed's three, and a report window's first row)."""

    ORDER_META = "order_meta"
    MT5_DEPOSITS = "mt5_deposits"
    MANUAL = "manual"
    WINDOW_START = "window_start"


@frozen
class Owner:
    """Owner of an account: a WordPress site and one of its users."""

    site_id: str
    wp_user_id: int


@frozen
class Account:
    """One MT5 login on one server, owned by one user. ``account_type`` is the plan's name."""

    account_id: UUID
    owner: Owner
    login: str
    server: str
    account_type: str
    is_active: bool
    created_at: datetime
    updated_at: datetime
    order_id: str | None = None


@frozen
class AccountInstance:
    """One set of credentials in one life of an account. ``instance_key`` is its short row key.

    Plan version (``plan_hash``) and ``phase`` are pinned when the instance is created.
    """

    instance_id: UUID
    instance_key: int
    account_id: UUID
    life_id: UUID
    hash_id: str
    status: Status
    reason: LifeReason
    plan_name: str
    plan_hash: str
    phase: int
    created_at: datetime
    started_at: datetime
    deactivated_at: datetime | None = None
    predecessor_id: UUID | None = None
    opening_balance: Decimal | None = None
    ordered_initial_balance: Decimal | None = None
    ordered_currency: str | None = None
