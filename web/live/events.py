"""What happens to a live socket, and the steps that its session hands out: closed unions."""

from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from attrs import field, frozen

from actors.domain.account import Owner
from web.live.news import Known
from web.schemas.live import LiveCloseCode


class Note(StrEnum):
    """Messages without an account, in the order in which they are due."""

    READY = "ready"
    AUTH_EXPIRING = "auth_expiring"
    RESYNC = "resync"


# Events


@frozen
class Authenticate:
    """The client sent a token."""

    token: str = field(repr=False)


@frozen
class Accepted:
    """The token holds until ``ends_at`` for ``owner``."""

    owner: Owner
    ends_at: float


@frozen
class Subscribe:
    """The client wants to be told of exactly these accounts."""

    account_ids: tuple[UUID, ...]


@frozen
class Changed:
    """Something about an account may have changed."""

    account_id: UUID


@frozen
class Told:
    """An account was looked at, and what was new was sent; ``lost``: some was left out."""

    account_id: UUID
    known: Known
    lost: bool = False


@frozen
class Missing:
    """There is no such account for this user, and the client was told so."""

    account_id: UUID


@frozen
class Unread:
    """Storage did not answer; the account is still to be looked at."""

    account_id: UUID


@frozen
class Behind:
    """A message took long to be handed over: the client does not keep up."""


@frozen
class Ended:
    """The socket must be closed."""

    code: LiveCloseCode


Event: TypeAlias = (
    Authenticate | Accepted | Subscribe | Changed | Told | Missing | Unread | Behind | Ended
)

# Steps


@frozen
class Close:
    """Close the socket and end."""

    code: LiveCloseCode


@frozen
class Check:
    """Verify the token; then ``Accepted`` or ``Ended``."""

    token: str = field(repr=False)


@frozen
class Say:
    """Send a message without an account."""

    note: Note


@frozen
class Look:
    """Read the account and send what is new; then ``Told``, ``Missing`` or ``Unread``."""

    account_id: UUID


@frozen
class Wait:
    """Nothing to do before ``until``, unless an event comes."""

    until: float


Step: TypeAlias = Close | Check | Say | Look | Wait
