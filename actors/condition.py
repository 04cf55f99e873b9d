"""What the behaviour knows of its actor between two events."""

from datetime import datetime
from enum import StrEnum

from attrs import field, frozen

from actors.domain.account import AccountInstance, ConnectionState, Status, Tier
from actors.domain.account_state import AccountState
from actors.domain.life import Life
from actors.domain.published import Published
from actors.domain.risk_tier import Schedule, TierLimits
from actors.domain.state import Reading
from actors.ports import LogEntry, Specs, SyncUnit

STICKY_TIERS = frozenset({Tier.BREACH_RISK, Tier.ACTIVE})
"""Tiers that keep their terminal between reads."""


class Waiting(StrEnum):
    """The one thing that the shell is doing for the actor."""

    LOADING = "loading"
    OPENING = "opening"
    READING = "reading"
    PRICING = "pricing"
    COMMITTING = "committing"
    RECORDING = "recording"
    SLEEPING = "sleeping"
    STOPPED = "stopped"


@frozen
class Subject:
    """Whom the actor watches, and under which fence it writes.

    ``first_delay_seconds`` puts off the first read, so that many actors started together do not
    log in together. ``limits`` bound the intervals between reads.
    """

    life: Life
    instance: AccountInstance
    fence: int
    first_delay_seconds: float = 0.0
    limits: TierLimits = field(factory=TierLimits)


@frozen
class Pending:
    """A unit on its way to storage, and what becomes true once it is there.

    It is repeated unchanged until storage answers, so an unknown outcome never makes two syncs.
    """

    unit: SyncUnit
    core: AccountState
    reading: Reading
    pace: Schedule
    published: Published
    wake_at: float


@frozen
class ActorState:
    """The actor's condition. ``wake_at`` and ``retry_at`` are monotonic seconds.

    ``core`` is the last committed state of the account; ``held`` a reading to step again after a
    reload, ``unpriced`` one whose prices are being read; ``specs`` and ``prices_offered`` are what
    the open session told of prices; ``sticky`` tells how it was leased, None when none is open;
    ``unrecorded`` that storage does not know the present standing yet; ``offset_differs`` by how
    many seconds the bridge's server clock is off the configured one; ``wake_at`` when the next
    read is due (None: parked), ``retry_at`` when storage is tried again.
    """

    subject: Subject
    waiting: Waiting = Waiting.LOADING
    core: AccountState | None = None
    pace: Schedule | None = None
    published: Published | None = None
    sync_seq: int = 0
    status: Status = Status.ACTIVE
    connection_state: ConnectionState = ConnectionState.CONNECTING
    error_code: str | None = None
    condition: int = 0
    failures: int = 0
    store_failures: int = 0
    reloads: int = 0
    sticky: bool | None = None
    offset_known: bool = True
    offset_differs: int = 0
    wake_at: float | None = None
    retry_at: float | None = None
    attempted_at: float | None = None
    pending: Pending | None = None
    held: Reading | None = None
    unpriced: Reading | None = None
    specs: Specs = field(factory=dict)
    prices_offered: bool = True
    unrecorded: bool = False
    unlogged: tuple[LogEntry, ...] = ()
    logged_at: datetime | None = None
    pausing: bool = False
    draining: bool = False
    asks: tuple[object, ...] = ()
    clock_offset: float | None = None

    @property
    def known_core(self) -> AccountState:
        """The account as last committed. ValueError before the life was loaded."""
        if self.core is None:
            raise ValueError("the life is not loaded yet")
        return self.core

    @property
    def known_pace(self) -> Schedule:
        """The pace as last decided. ValueError before the life was loaded."""
        if self.pace is None:
            raise ValueError("the life is not loaded yet")
        return self.pace
