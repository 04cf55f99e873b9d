"""What can happen to an actor. Each event carries its moment, so that ``react`` reads no clock."""

from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from attrs import frozen

from actors.domain.life import StoredLife
from actors.domain.prices import Prices
from actors.domain.state import Reading
from actors.errors import BrokerFault
from actors.messages import Message
from actors.ports import BrokerAccount, Specs


@frozen
class Moment:
    """Wall time (aware UTC), monotonic seconds, and a random number in [0, 1) for jitter."""

    now: datetime
    monotonic: float
    jitter: float


class StoreFault(StrEnum):
    """How storage refused: outcome unknown, no longer the owner, or behind what is stored."""

    UNAVAILABLE = "unavailable"
    FENCED = "fenced"
    STALE = "stale"


@frozen
class Started:
    """The life was loaded from storage."""

    at: Moment
    stored: StoredLife


@frozen
class Opened:
    """A terminal logged in; ``expected_*`` is what was asked for."""

    at: Moment
    account: BrokerAccount
    expected_login: str
    expected_server: str


@frozen
class Observed:
    """The account was read: snapshot, then the deals.

    ``account`` is what the session knows of the account by now; None: nothing new.
    """

    at: Moment
    reading: Reading
    account: BrokerAccount | None = None


@frozen
class Priced:
    """Prices were asked for. None: this bridge has none, so none are asked in this session."""

    at: Moment
    prices: Prices | None
    specs: Specs


@frozen
class BrokerFailed:
    """An operation at the bridge failed. ``code`` names the cause where the fault is coarser."""

    at: Moment
    fault: BrokerFault
    retry_after_seconds: float | None = None
    code: str | None = None


@frozen
class Refused:
    """The server's breaker let nothing pass; try again after ``retry_after_seconds``."""

    at: Moment
    retry_after_seconds: float


@frozen
class CredentialsMissing:
    """The password was erased: there is nothing to log in with."""

    at: Moment


@frozen
class Interrupted:
    """A read was given up because an urgent message waits in the mailbox."""

    at: Moment


@frozen
class Committed:
    """Storage holds the unit."""

    at: Moment


@frozen
class Recorded:
    """Storage holds the standing."""

    at: Moment


@frozen
class StoreFailed:
    """The storage call under way (load, commit, record, credentials) failed."""

    at: Moment
    fault: StoreFault


@frozen
class Timer:
    """The time that ``SleepUntil`` named has come."""

    at: Moment


@frozen
class Control:
    """A message; ``asks`` are tokens of those who wait for its answer."""

    at: Moment
    message: Message
    asks: tuple[object, ...] = ()


@frozen
class LeaseLost:
    """The lease ended without renewal."""

    at: Moment


Event: TypeAlias = (
    Started
    | Opened
    | Observed
    | Priced
    | BrokerFailed
    | Refused
    | CredentialsMissing
    | Interrupted
    | Committed
    | Recorded
    | StoreFailed
    | Timer
    | Control
    | LeaseLost
)
