"""What the behaviour asks its shell to do.

Each reaction ends with exactly one *continuation*: the one thing that the shell then waits for.
So two fetches or two commits can never be under way at once.
"""

from collections.abc import Mapping
from typing import TypeAlias

from attrs import frozen

from actors.domain.price_wish import PriceWish
from actors.domain.published import Published
from actors.ports import Specs, Standing, SyncUnit


@frozen
class OpenSession:
    """Log in. Answered by Opened, BrokerFailed, Refused, CredentialsMissing or StoreFailed."""

    sticky: bool
    deadline_seconds: float


@frozen
class Fetch:
    """Read snapshot and deals. Answered by Observed, BrokerFailed or Refused."""

    since_msc: int
    deadline_seconds: float


@frozen
class FetchPrices:
    """Read the prices of the time before a reading. Answered by Priced or Interrupted.

    ``known``: specifications asked for before in this session.
    """

    wish: PriceWish
    known: Specs
    deadline_seconds: float


@frozen
class Commit:
    """Store the unit. Answered by Committed or StoreFailed."""

    unit: SyncUnit


@frozen
class Record:
    """Store a change of condition. Answered by Recorded or StoreFailed."""

    standing: Standing


@frozen
class Reload:
    """Load the life from storage. Answered by Started or StoreFailed.

    ``past``: with its past days and verdicts, because a reading waits that may need them.
    """

    past: bool


@frozen
class SleepUntil:
    """Wait for a message, or for monotonic time ``at`` (None: for a message only)."""

    at: float | None


@frozen
class Stop:
    """End the actor."""

    reason: str


@frozen
class CloseSession:
    """Give the terminal back."""


@frozen
class Publish:
    """Let readers see this state."""

    published: Published


@frozen
class Emit:
    """Write a log event. ``fields`` hold codes and numbers only, never a credential."""

    code: str
    fields: Mapping[str, object]


@frozen
class Answer:
    """Answer these asks with the published state."""

    asks: tuple[object, ...]


Continuation: TypeAlias = (
    OpenSession | Fetch | FetchPrices | Commit | Record | Reload | SleepUntil | Stop
)
Command: TypeAlias = Continuation | CloseSession | Publish | Emit | Answer
