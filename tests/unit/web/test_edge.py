"""The edge: request ids, security headers, CORS, the admin port, and bodies."""

import json
from uuid import UUID

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.web.callers import call, http_scope
from web.asgi import (
    ADMIN_LISTENER,
    LISTENER,
    App,
    Message,
    Receive,
    Scope,
    Send,
    client_request_id,
    on_admin_port,
    request_id,
)
from web.edge import edge
from web.headers import EdgeConfig

SHOP = "https://shop.example"
OPEN = EdgeConfig(allowed_origins=frozenset({SHOP}))


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with what the edge made of the request."""
    message = await receive()
    seen = {
        "id": request_id(scope),
        "client_id": client_request_id(scope),
        "size": len(message.get("body", b"")),
        "more": message.get("more_body", False),
    }
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(seen).encode()})


def page(*headers: tuple[bytes, bytes]) -> App:
    """An application that answers with these headers."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": list(headers)})
        await send({"type": "http.response.body", "body": b"x"})

    return app


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (["order-7_a"], "order-7_a"),
        ([], None),
        (["a", "b"], None),
        (["x" * 65], None),
        (["a\r\nx"], None),
        (["\x1b[31m"], None),
        (['{"a":1}'], None),
    ],
)
async def test_the_request_id_is_ours_and_the_clients_an_extra(
    sent: list[str], kept: str | None
) -> None:
    """Our id is a UUID whatever the client sends; its own is kept only in a harmless form."""
    scope = http_scope(headers=[("X-Request-Id", value) for value in sent])
    answer = await call(edge(echo, OPEN), scope)
    seen = json.loads(answer.body)
    assert str(UUID(seen["id"])) == answer.headers["x-request-id"]
    assert seen["client_id"] == kept


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://shop.example.evil",
        "https://evil-shop.example",
        "http://shop.example",
        "https://shop.example:444",
        "https://SHOP.example",
        "https://shop.example/",
        "*",
        "",
    ],
)
async def test_other_origins_get_no_cors_headers(origin: str) -> None:
    """Suffix, port, scheme, case and null are all other origins."""
    answer = await call(edge(echo, OPEN), http_scope(headers=[("Origin", origin)]))
    assert "access-control-allow-origin" not in answer.headers
    assert "Origin" in answer.headers["vary"]


async def test_a_listed_origin_is_named_exactly_and_never_with_cookies() -> None:
    """The exact origin comes back; credentials are never allowed."""
    answer = await call(edge(echo, OPEN), http_scope(headers=[("Origin", SHOP)]))
    assert answer.headers["access-control-allow-origin"] == SHOP
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(("origin", "allowed"), [(SHOP, True), ("https://evil.example", False)])
async def test_preflights_are_answered_at_the_edge(origin: str, allowed: bool) -> None:
    """Only a listed origin is told what it may send; the application is not asked."""
    headers = [("Origin", origin), ("Access-Control-Request-Method", "PUT")]
    answer = await call(edge(_never, OPEN), http_scope("OPTIONS", headers=headers))
    assert answer.status == 204
    assert ("access-control-allow-methods" in answer.headers) is allowed
    assert ("access-control-allow-origin" in answer.headers) is allowed


async def _never(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError("the application must not be asked")


async def test_security_headers_complete_every_answer() -> None:
    """An API answer may load nothing, be framed by nobody, and be stored nowhere."""
    headers = (await call(edge(echo, EdgeConfig()), http_scope())).headers
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["strict-transport-security"].startswith("max-age=")


async def test_a_page_may_load_its_own_and_be_framed_by_the_shop() -> None:
    """HTML gets 'self' sources and the configured ancestors; plain HTTP gets no HSTS."""
    config = EdgeConfig(frame_ancestors=(SHOP,), https=False)
    app = edge(page((b"content-type", b"text/html")), config)
    headers = (await call(app, http_scope())).headers
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert headers["content-security-policy"].endswith(f"frame-ancestors {SHOP}")
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert "x-frame-options" not in headers
    assert "strict-transport-security" not in headers


async def test_a_routes_own_headers_win_but_not_its_request_id() -> None:
    """A route may cache and vary; the id stays the edge's."""
    own = [(b"Cache-Control", b"max-age=60"), (b"Vary", b"Accept"), (b"X-Request-Id", b"mine")]
    headers = (await call(edge(page(*own), OPEN), http_scope())).headers
    assert headers["cache-control"] == "max-age=60"
    assert headers["vary"] == "Accept, Origin"
    assert str(UUID(headers["x-request-id"])) == headers["x-request-id"]


async def test_a_websocket_is_named_too() -> None:
    """The accepted handshake carries the request id."""

    async def accept(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept", "headers": []})

    answer = await call(edge(accept, OPEN), http_scope(type="websocket"))
    assert "x-request-id" in answer.headers


@pytest.mark.parametrize("origin", ["shop.example", "https://shop.example/", "*", "null"])
def test_malformed_origins_are_refused_at_boot(origin: str) -> None:
    """A configured origin is exactly scheme, host and port."""
    with pytest.raises(ValueError, match="origin"):
        EdgeConfig(allowed_origins=frozenset({origin}))
    with pytest.raises(ValueError, match="origin"):
        EdgeConfig(frame_ancestors=(origin,))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("Host", "127.0.0.1:9000")], 200),
        ([("Host", "localhost:9000")], 200),
        ([("Host", "[::1]:9000")], 200),
        ([("Host", "localhost:9000"), ("Sec-Fetch-Site", "same-origin")], 200),
        ([], 421),
        ([("Host", "evil.example")], 421),
        ([("Host", "127.0.0.1.evil.example")], 421),
        ([("Host", "127.0.0.1"), ("Host", "127.0.0.1")], 421),
        ([("Host", "[bad")], 421),
        ([("Host", "127.0.0.1"), ("Origin", "https://evil.example")], 403),
        ([("Host", "127.0.0.1"), ("Sec-Fetch-Site", "cross-site")], 403),
        ([("Host", "127.0.0.1"), ("Sec-Fetch-Site", "same-site")], 403),
    ],
)
async def test_admin_port_serves_no_foreign_page(
    headers: list[tuple[str, str]], status: int
) -> None:
    """A loopback name and no foreign page behind it, or no answer."""
    scope = http_scope(headers=headers, state={LISTENER: ADMIN_LISTENER})
    assert (await call(edge(echo, OPEN), scope)).status == status


async def test_a_header_cannot_pretend_the_admin_port() -> None:
    """Only the listener's own mark counts; a header of that name is only a header."""
    seen: list[bool] = []

    async def look(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(on_admin_port(scope))

    headers = [(LISTENER, ADMIN_LISTENER), ("State", ADMIN_LISTENER), ("Host", "127.0.0.1")]
    await call(edge(look, OPEN), http_scope(headers=headers))
    await call(edge(look, OPEN), http_scope(headers=headers, state={LISTENER: ADMIN_LISTENER}))
    assert seen == [False, True]


@given(st.lists(st.binary(max_size=2000), min_size=1, max_size=8))
async def test_a_body_arrives_whole_or_not_at_all(pieces: list[bytes]) -> None:
    """However it was cut, the application sees one whole body, or the edge says 413."""
    incoming: list[Message] = [
        {"type": "http.request", "body": piece, "more_body": True} for piece in pieces
    ]
    incoming.append({"type": "http.request", "body": b"", "more_body": False})
    answer = await call(edge(echo, OPEN), http_scope("POST", "/api/x"), incoming)
    size = sum(map(len, pieces))
    if size > 4096:
        assert answer.status == 413
    else:
        seen = json.loads(answer.body)
        assert (seen["size"], seen["more"]) == (size, False)


@pytest.mark.parametrize("value", ["5000", "-1", "+3", "3.0", "٣", ""])
async def test_announced_lengths_are_checked_before_reading(value: str) -> None:
    """Too large is 413 before a byte is read; a malformed length is 400."""
    scope = http_scope("POST", headers=[])
    scope["headers"] = [(b"content-length", value.encode())]
    answer = await call(edge(_never, OPEN), scope)
    assert answer.status == (413 if value == "5000" else 400)
    assert answer.headers["connection"] == "close"


async def test_a_body_that_never_ends_is_408(autojump_clock: trio.testing.MockClock) -> None:
    """The total deadline holds although bytes keep coming."""
    dripped = 0

    async def drip() -> Message:
        nonlocal dripped
        dripped += 1
        await trio.sleep(1)
        return {"type": "http.request", "body": b"x", "more_body": True}

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await edge(_never, OPEN)(http_scope("POST"), drip, send)
    assert sent[0]["status"] == 408
    assert dripped <= 11


async def test_a_client_that_leaves_gets_no_answer_and_reaches_no_route() -> None:
    """A disconnect in the middle of a body ends quietly."""
    incoming: list[Message] = [
        {"type": "http.request", "body": b"x", "more_body": True},
        {"type": "http.disconnect"},
    ]
    assert (await call(edge(_never, OPEN), http_scope("POST"), incoming)).messages == []
