"""The shape of a route: one record says who may call it, how often, with what, and the answer.

Handlers know neither the framework nor HTTP headers: they take a ``Call`` and give an ``Answered``.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from attrs import field, frozen

from web.asgi import SUCCESS_TOLD
from web.deps import Deps
from web.export_port import Body
from web.limits import LimitClass
from web.ports import Caller, Principal, Request
from web.problems import Code, Problem
from web.schemas.base import SAFE_INTEGER, Form
from web.schemas.system import Nothing

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_USER_ID = re.compile(r"[1-9][0-9]{0,15}")


class Who(StrEnum):
    """Who may call a route."""

    PUBLIC = "public"
    PUBLIC_OR_OPS = "public-or-ops"
    S2S = "s2s"
    USER = "user"
    USER_CHANGE = "user-change"
    OPS = "ops"
    LOOPBACK = "loopback"
    FIRST_MESSAGE = "token-in-the-first-message"


@frozen
class Policy:
    """Who may call, and for signed calls the key's scope."""

    who: Who
    scope: str | None = None


PUBLIC = Policy(Who.PUBLIC)
PUBLIC_OR_OPS = Policy(Who.PUBLIC_OR_OPS)
"""Open to all; who is known as an operator (``Call.caller``) may be told more."""
USER = Policy(Who.USER)
USER_CHANGE = Policy(Who.USER_CHANGE)
OPS = Policy(Who.OPS, "ops")
LOOPBACK = Policy(Who.LOOPBACK)
FIRST_MESSAGE = Policy(Who.FIRST_MESSAGE)
"""A socket that anybody may open, and that tells nothing before a user's token came on it."""


def s2s(scope: str) -> Policy:
    """Signed by a key with ``scope``."""
    return Policy(Who.S2S, scope)


@frozen
class Call:
    """One authenticated request. ``now`` is the response's one instant, aware UTC."""

    deps: Deps
    request_id: str
    now: datetime
    path: Mapping[str, str]
    query: Any
    body: Any
    principal: Principal | None = None
    caller: Caller | None = None
    skew_seconds: int = 0
    idempotency_key: str = ""
    body_digest: bytes = b""
    wants_html: bool = False
    accept_encoding: str = ""

    @property
    def who(self) -> Principal:
        """The token's principal; only on routes for users."""
        assert self.principal is not None  # noqa: S101 - the route's policy promises it
        return self.principal

    @property
    def signer(self) -> Caller:
        """The verified caller; only on signed routes."""
        assert self.caller is not None  # noqa: S101 - the route's policy promises it
        return self.caller

    def uuid(self, name: str) -> UUID:
        """A path parameter as UUID. Raises Problem 404."""
        text = self.path[name]
        if _UUID.fullmatch(text) is None:
            raise Problem(Code.NOT_FOUND)
        return UUID(text)

    def user_id(self) -> int:
        """The path's WordPress user id in its one spelling. Raises Problem 404."""
        text = self.path["wp_user_id"]
        if _USER_ID.fullmatch(text) is None or int(text) > SAFE_INTEGER:
            raise Problem(Code.NOT_FOUND)
        return int(text)

    def change(self, *, actor: str | None = None, reason: str | None = None) -> Request:
        """The context of a changing request for the commands' port."""
        return Request(
            request_id=self.request_id,
            caller=self.signer,
            idempotency_key=self.idempotency_key,
            body_digest=self.body_digest,
            actor=actor,
            reason=reason,
        )


@frozen
class Answered:
    """What a handler answers: a model (or bytes with their type), status, validator, headers.

    ``etag`` is a complete entity tag; readers' GET replies without one get a digest of the body.
    ``stream`` opens a body that is sent part by part, however long that takes.
    """

    model: object = None
    status: int = 200
    etag: str | None = None
    raw: bytes | None = None
    stream: Body | None = None
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(factory=dict)


@frozen
class Raw:
    """A reply that is no JSON model, for the OpenAPI document."""

    content_type: str


Handler = Callable[[Call], Awaitable[Answered]]


@frozen
class Route:
    """One operation. ``replies`` maps success statuses to what they carry (None: no body).

    ``refusals`` are the problem codes that the handler adds to those which policy, body, query
    and path imply. ``needs_key``: an Idempotency-Key is required. ``spends``: a GET uses something
    up; so HEAD, which mail and chat programs send to look at a link, is refused.
    """

    method: Literal["GET", "POST", "PUT"]
    path: str
    title: str
    policy: Policy
    limit: LimitClass
    handler: Handler
    replies: Mapping[int, type | Raw | None]
    query: type[Form] = Nothing
    body: type[Form] | None = None
    refusals: tuple[Code, ...] = ()
    needs_key: bool = False
    spends: bool = False
    in_demo_only: bool = False

    @property
    def tells_success(self) -> bool:
        """Whether refusals also carry ``success: false`` and ``message`` (the seed's connect)."""
        return self.path in SUCCESS_TOLD

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the path's parameters."""
        return tuple(re.findall(r"{(\w+)}", self.path))

    @property
    def rule(self) -> str:
        """The path as the framework writes it."""
        return re.sub(r"{(\w+)}", r"<\1>", self.path)

    @property
    def name(self) -> str:
        """A stable operation id such as ``get_api_account_account_id_summary``."""
        words = re.findall(r"[A-Za-z0-9_]+", f"{self.method.lower()}/{self.path}")
        return "_".join(words).replace("-", "_")
