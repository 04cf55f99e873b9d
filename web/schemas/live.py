"""The messages of ``GET /api/live``, both ways, and why the server closes the socket.

Every message is one JSON object in a text frame of at most 64 KiB; ``type`` names its kind.
"""

from datetime import datetime
from enum import IntEnum
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from actors.domain.account import ConnectionState, Outcome, Status, Tier
from web.schemas.base import Form, Reply
from web.schemas.rules import ViolationItem
from web.schemas.summary import SummaryReply

MAX_WATCHED = 500


class LiveAuth(Form, frozen=True, kw_only=True, tag_field="type", tag="auth"):
    """Who listens: the first message, within 5 s; later a fresh token of the same user."""

    token: Annotated[str, Meta(min_length=1, max_length=2048)]


class LiveSubscribe(Form, frozen=True, kw_only=True, tag_field="type", tag="subscribe"):
    """Which accounts to tell of; it replaces the accounts of an earlier one."""

    account_ids: Annotated[list[UUID], Meta(max_length=MAX_WATCHED)]


class LiveReady(Reply, frozen=True, kw_only=True, tag_field="type", tag="ready"):
    """The token holds until ``expires_at``. After each one; the first opens the socket."""

    expires_at: datetime
    server_now: datetime


class LiveSummary(Reply, frozen=True, kw_only=True, tag_field="type", tag="summary"):
    """The document of GET summary: once when subscribed, then whenever it changed.

    ``rev`` grows within a life; in another life (``data.instance_id`` changed) it begins anew.
    """

    account_id: UUID
    rev: int
    data: SummaryReply


class LiveState(Reply, frozen=True, kw_only=True, tag_field="type", tag="state"):
    """The account's condition changed; a ``summary`` with the same condition follows."""

    account_id: UUID
    rev: int
    status: Status
    connection_state: ConnectionState
    outcome: Outcome
    tier: Tier


class LiveViolation(Reply, frozen=True, kw_only=True, tag_field="type", tag="violation"):
    """A violation that was stored since the subscription; at least once, so look at its id."""

    account_id: UUID
    rev: int
    data: ViolationItem


class LiveResync(Reply, frozen=True, kw_only=True, tag_field="type", tag="resync"):
    """The reader was too slow, and something was left out: read everything again over HTTP."""


class LiveAuthExpiring(Reply, frozen=True, kw_only=True, tag_field="type", tag="auth_expiring"):
    """Send ``auth`` with a fresh token before ``expires_at``, or the socket is closed then."""

    expires_at: datetime


class LiveRefused(Reply, frozen=True, kw_only=True, tag_field="type", tag="refused"):
    """This account is not told of: it is not yours, or there is none; other accounts go on."""

    account_id: UUID
    code: Literal["not_found"] = "not_found"


LiveRequest = LiveAuth | LiveSubscribe
"""What a client may send."""

LiveMessage = (
    LiveReady
    | LiveSummary
    | LiveState
    | LiveViolation
    | LiveResync
    | LiveAuthExpiring
    | LiveRefused
)
"""What the server sends."""


class LiveCloseCode(IntEnum):
    """Why the server closed the socket; ``GET /api/live`` says what to do about it."""

    GOING_AWAY = 1001
    TOO_BIG = 1009
    INTERNAL = 1011
    MALFORMED = 4400
    UNAUTHORIZED = 4401
    AUTH_TIMEOUT = 4408
    TOO_MANY = 4429
    UNAVAILABLE = 4503
