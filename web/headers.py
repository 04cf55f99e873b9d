"""What every response carries: request id, security headers, exact-origin CORS."""

import re
from collections.abc import Callable, Iterable
from uuid import UUID, uuid4

from attrs import frozen

from web.asgi import (
    CLIENT_REQUEST_ID,
    REQUEST_ID,
    App,
    Message,
    Receive,
    Scope,
    Send,
    header_values,
)

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ORIGIN = re.compile(r"https?://[a-z0-9.\[\]:-]+")
_ALLOWED_METHODS = b"GET, POST, PUT, OPTIONS"
_ALLOWED_HEADERS = b"authorization, content-type, idempotency-key, if-none-match, x-request-id"
_EXPOSED_HEADERS = b"content-disposition, etag, retry-after, x-request-id"
_STARTS = ("http.response.start", "websocket.http.response.start")

Header = tuple[bytes, bytes]


@frozen
class EdgeConfig:
    """``allowed_origins``: dashboards on another origin, ``scheme://host[:port]``.

    ``frame_ancestors``: origins that may frame our pages; empty = nobody. ``https`` tells that
    clients reach us over TLS, so that HSTS is sent. Raises ValueError on a malformed origin.
    """

    allowed_origins: frozenset[str] = frozenset()
    frame_ancestors: tuple[str, ...] = ()
    https: bool = True

    def __attrs_post_init__(self) -> None:
        for origin in (*self.allowed_origins, *self.frame_ancestors):
            if _ORIGIN.fullmatch(origin) is None:
                raise ValueError(f"{origin!r} is not an origin such as https://example.com")

    def allows(self, origin: str) -> bool:
        """Whether pages of this origin may call us; also the WebSocket's Origin check."""
        return origin in self.allowed_origins


def security_headers(config: EdgeConfig, *, html: bool) -> list[Header]:
    """Security headers of a response; a page of ours may load its own scripts and styles."""
    ancestors = " ".join(config.frame_ancestors) or "'none'"
    sources = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"
    policy = sources if html else "default-src 'none'"
    headers = [
        (b"content-security-policy", f"{policy}; frame-ancestors {ancestors}".encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
        (b"cache-control", b"no-store"),
    ]
    if not config.frame_ancestors:
        headers.append((b"x-frame-options", b"DENY"))
    if config.https:
        headers.append((b"strict-transport-security", b"max-age=31536000"))
    return headers


def cors_headers(config: EdgeConfig, origins: tuple[str, ...]) -> list[Header]:
    """CORS answer to a request's Origin: the exact origin or nothing, never a wildcard."""
    headers = [(b"vary", b"Origin")]
    if len(origins) == 1 and config.allows(origins[0]):
        headers.append((b"access-control-allow-origin", origins[0].encode()))
        headers.append((b"access-control-expose-headers", _EXPOSED_HEADERS))
    return headers


@frozen
class Headers:
    """ASGI middleware, the outermost: names the request and completes every response."""

    app: App
    config: EdgeConfig
    new_id: Callable[[], UUID] = uuid4

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer CORS preflights; pass the rest on."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        named = self._named(scope)
        origins = header_values(scope, b"origin")
        if _is_preflight(scope, origins):
            await self._preflight(named, origins, send)
            return

        async def complete(message: Message) -> None:
            await send(self._completed(message, named, origins))

        await self.app(named, receive, complete)

    def _named(self, scope: Scope) -> Scope:
        """The scope with our request id, and the client's own as an extra if it is harmless."""
        sent = header_values(scope, b"x-request-id")
        harmless = len(sent) == 1 and _CLIENT_ID.fullmatch(sent[0]) is not None
        client_id = sent[0] if harmless else None
        return {**scope, REQUEST_ID: str(self.new_id()), CLIENT_REQUEST_ID: client_id}

    def _completed(self, message: Message, scope: Scope, origins: tuple[str, ...]) -> Message:
        rid = (b"x-request-id", scope[REQUEST_ID].encode())
        if message["type"] == "websocket.accept":
            return {**message, "headers": [*message.get("headers", ()), rid]}
        if message["type"] not in _STARTS:
            return message
        own = list(message.get("headers", ()))
        html = any(name.lower() == b"content-type" and b"html" in value for name, value in own)
        extra = [*security_headers(self.config, html=html), *cors_headers(self.config, origins)]
        return {**message, "headers": [*_with_defaults(own, extra), rid]}

    async def _preflight(self, scope: Scope, origins: tuple[str, ...], send: Send) -> None:
        headers = [*security_headers(self.config, html=False), *cors_headers(self.config, origins)]
        if self.config.allows(origins[0]):
            headers.append((b"access-control-allow-methods", _ALLOWED_METHODS))
            headers.append((b"access-control-allow-headers", _ALLOWED_HEADERS))
            headers.append((b"access-control-max-age", b"600"))
        headers.append((b"x-request-id", scope[REQUEST_ID].encode()))
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _is_preflight(scope: Scope, origins: tuple[str, ...]) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "OPTIONS"
        and len(origins) == 1
        and bool(header_values(scope, b"access-control-request-method"))
    )


def _with_defaults(own: list[Header], extra: Iterable[Header]) -> list[Header]:
    """The route's own headers win, except that ``vary`` is added to and the id is ours."""
    kept = [(name, value) for name, value in own if name.lower() != b"x-request-id"]
    present = {name.lower() for name, _ in kept} - {b"vary"}
    return [*kept, *((name, value) for name, value in extra if name not in present)]
