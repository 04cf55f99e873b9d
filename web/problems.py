"""Refusals as the client sees them: RFC 9457 problem documents from one fixed table.

Nothing but the words of this file and the names of the client's own fields ever reaches a
client: no stack trace, no SQL, no text of another system.
"""

from collections.abc import Mapping
from enum import StrEnum
from math import ceil

import msgspec
from attrs import field, frozen

PROBLEM_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:onefunders:problem:"


class Code(StrEnum):
    """Message codes of refusals; clients translate them."""

    BAD_REQUEST = "bad_request"
    IDEMPOTENCY_KEY_REQUIRED = "idempotency_key_required"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    READ_ONLY = "read_only"
    ORIGIN_REFUSED = "origin_refused"
    NOT_FOUND = "not_found"
    NOT_READY = "not_ready"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_ACCEPTABLE = "not_acceptable"
    REQUEST_TIMEOUT = "request_timeout"
    OWNED_BY_OTHER = "owned_by_other"
    GONE = "gone"
    TOO_LARGE = "too_large"
    UNSUPPORTED_MEDIA = "unsupported_media"
    MISDIRECTED = "misdirected"
    INVALID = "invalid"
    UPGRADE_REQUIRED = "upgrade_required"
    BAD_CREDENTIALS = "bad_credentials"
    MASTER_PASSWORD = "master_password"
    UNKNOWN_SERVER = "unknown_server"
    UNKNOWN_PLAN = "unknown_plan"
    NEEDS_OPERATOR = "needs_operator"
    IDEMPOTENCY_MISMATCH = "idempotency_mismatch"
    LOCKED = "locked"
    RATE_LIMITED = "rate_limited"
    IDEMPOTENCY_RUNNING = "idempotency_running"
    MAILBOX_FULL = "mailbox_full"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"


class FieldCode(StrEnum):
    """Why one field of a request was refused."""

    UNKNOWN = "unknown"
    MISSING = "missing"
    TYPE = "type"
    FORM = "form"
    RANGE = "range"
    DUPLICATE = "duplicate"


@frozen
class Kind:
    """Status code and title of a problem code; ``detail`` is used unless the raiser gives one."""

    status: int
    title: str
    detail: str


PROBLEMS: Mapping[Code, Kind] = {
    Code.BAD_REQUEST: Kind(400, "Bad request", "The request is not well formed."),
    Code.IDEMPOTENCY_KEY_REQUIRED: Kind(
        400, "Idempotency-Key required", "Send one Idempotency-Key of 8 to 128 characters."
    ),
    Code.UNAUTHORIZED: Kind(401, "Unauthorized", "The request is not authenticated."),
    Code.FORBIDDEN: Kind(403, "Forbidden", "This key may not do that."),
    Code.READ_ONLY: Kind(403, "Read only", "This token may only read."),
    Code.ORIGIN_REFUSED: Kind(403, "Origin refused", "This origin may not call the server."),
    Code.NOT_FOUND: Kind(404, "Not found", "There is nothing here for you."),
    Code.NOT_READY: Kind(404, "Not ready", "The file is not there yet; ask for its progress."),
    Code.METHOD_NOT_ALLOWED: Kind(405, "Method not allowed", "Use another method."),
    Code.NOT_ACCEPTABLE: Kind(406, "Not acceptable", "Ask for another format."),
    Code.REQUEST_TIMEOUT: Kind(408, "Request timeout", "The request did not arrive in time."),
    Code.OWNED_BY_OTHER: Kind(
        409, "Owned by another", "This login on this server belongs to another owner."
    ),
    Code.GONE: Kind(410, "Gone", "This was used or has expired."),
    Code.TOO_LARGE: Kind(413, "Too large", "The request body is too large."),
    Code.UNSUPPORTED_MEDIA: Kind(415, "Unsupported media type", "Send plain JSON."),
    Code.MISDIRECTED: Kind(421, "Misdirected request", "This host is not served here."),
    Code.INVALID: Kind(422, "Invalid request", "Some fields are not valid."),
    Code.BAD_CREDENTIALS: Kind(422, "Bad credentials", "The broker refused login or password."),
    Code.MASTER_PASSWORD: Kind(
        422, "Master password given", "Send the investor password, not the master password."
    ),
    Code.UNKNOWN_SERVER: Kind(422, "Unknown server", "This broker server is not known."),
    Code.UNKNOWN_PLAN: Kind(422, "Unknown plan", "This account type is not known."),
    Code.NEEDS_OPERATOR: Kind(422, "Needs the operator", "The account needs the operator."),
    Code.IDEMPOTENCY_MISMATCH: Kind(
        422, "Idempotency mismatch", "This Idempotency-Key was used with another body."
    ),
    Code.LOCKED: Kind(423, "Locked", "Too many bad passwords; the login is locked for a while."),
    Code.UPGRADE_REQUIRED: Kind(426, "Upgrade required", "Open a WebSocket here."),
    Code.RATE_LIMITED: Kind(429, "Too many requests", "Wait, then try again."),
    Code.IDEMPOTENCY_RUNNING: Kind(
        503, "Still running", "The same request is still running; try again."
    ),
    Code.MAILBOX_FULL: Kind(503, "Busy", "The account is busy; try again."),
    Code.UNAVAILABLE: Kind(503, "Unavailable", "The service cannot answer now; try again."),
    Code.INTERNAL: Kind(500, "Internal error", "Something went wrong; quote the request id."),
}


@frozen
class FieldError:
    """One refused field: its name (or path) as the client sent it, and why."""

    name: str
    code: FieldCode
    detail: str | None = None


@frozen
class Rendered:
    """A response ready to be sent: body, status and headers."""

    body: bytes
    status: int
    headers: Mapping[str, str]


@frozen(eq=False)
class Problem(Exception):
    """Raised anywhere in the web layer to end the request with a problem document.

    ``detail`` must be a fixed text of ours.
    """

    code: Code
    detail: str | None = None
    errors: tuple[FieldError, ...] = ()
    headers: Mapping[str, str] = field(factory=dict)

    @property
    def status(self) -> int:
        """HTTP status code of this problem."""
        return PROBLEMS[self.code].status

    def document(self, request_id: str, *, tells_success: bool = False) -> dict[str, object]:
        """The members of the problem document; the seed's connect also tells ``success``."""
        kind = PROBLEMS[self.code]
        detail = self.detail or kind.detail
        document: dict[str, object] = {
            "type": TYPE_PREFIX + self.code.value,
            "title": kind.title,
            "status": kind.status,
            "detail": detail,
            "code": self.code.value,
            "request_id": request_id,
            "errors": [_error_document(error) for error in self.errors],
        }
        return document | ({"success": False, "message": detail} if tells_success else {})

    def render(self, request_id: str, *, tells_success: bool = False) -> Rendered:
        """The response: document, status and headers, never cached."""
        headers = {"content-type": PROBLEM_TYPE, "cache-control": "no-store", **self.headers}
        document = self.document(request_id, tells_success=tells_success)
        return Rendered(msgspec.json.encode(document), self.status, headers)


def _error_document(error: FieldError) -> dict[str, str]:
    document = {"field": error.name, "code": error.code.value}
    return document if error.detail is None else {**document, "detail": error.detail}


def rate_limited(wait_seconds: float) -> Problem:
    """429 with Retry-After in whole seconds, rounded up."""
    return Problem(Code.RATE_LIMITED, headers={"retry-after": str(max(1, ceil(wait_seconds)))})


def unavailable() -> Problem:
    """503: storage does not answer; nothing was changed."""
    return Problem(Code.UNAVAILABLE, headers={"retry-after": "5"})
