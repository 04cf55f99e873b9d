"""The hardened server over real sockets: attacks, slow clients, and the way it stops."""

from functools import partial

import pytest
import trio

from tests.integration.web.tiny import (
    Running,
    get,
    post,
    read_all,
    read_head,
    running,
    tiny_app,
    upgrade,
)
from web.connection import Patience
from web.server import ServerConfig

QUICK = Patience(head=0.3, read=0.5, send=1.0, keep_alive=2.0)
LOCAL = partial(ServerConfig, "127.0.0.1", 0)


async def test_upgrade_with_an_extra_byte_leaves_the_server_alive() -> None:
    """The known remote kill (upgrade and one more byte) ends one connection only."""
    async with running() as server:
        for _ in range(5):
            async with await server.connect() as client:
                await client.send_all(upgrade("/ws") + b"x")
                with trio.move_on_after(0.2):
                    await read_all(client)
        assert await server.answers()


@pytest.mark.parametrize("path", ["/", "/ws", "/nowhere"])
async def test_garbage_after_an_upgrade_leaves_the_server_alive(path: str) -> None:
    """Bytes that are no frames, before or after the handshake, harm nobody else."""
    async with running() as server:
        async with await server.connect() as client:
            await client.send_all(upgrade(path))
            await read_head(client)
            await client.send_all(bytes(range(256)) * 8)
            with trio.move_on_after(0.2):
                await read_all(client)
        assert await server.answers()


async def test_shutdown_with_a_reader_that_never_reads_ends_in_time() -> None:
    """A client that asks for a big answer and never reads cannot hold the process."""
    async with running() as server:
        clients = [await server.connect() for _ in range(3)]
        for client in clients:
            await client.send_all(get("/big"))
        await trio.sleep(0.3)
        server.stop.set()
        with trio.fail_after(10):
            await server.stopped.wait()
        for client in clients:
            await client.aclose()


async def test_shutdown_with_a_websocket_that_never_reads_ends_in_time() -> None:
    """A WebSocket flooded by the server and never read cannot hold the process."""
    config = LOCAL(patience=QUICK, graceful_seconds=0.5)
    async with running(config) as server, await server.connect() as client:
        await client.send_all(upgrade("/flood"))
        await trio.sleep(0.3)
        server.stop.set()
        with trio.fail_after(10):
            await server.stopped.wait()


async def test_slow_reader_is_dropped_while_the_server_runs() -> None:
    """A reader that takes nothing for the send bound is reset, and others go on."""
    async with running(LOCAL(patience=QUICK)) as server:
        async with await server.connect() as client:
            await client.send_all(get("/big"))
            await trio.sleep(2.0)
            with trio.fail_after(10):
                received = await read_all(client)
        assert len(received) < 20 * 1024 * 1024
        assert await server.answers()


async def test_reader_that_keeps_reading_gets_a_big_answer_whole() -> None:
    """Sending in pieces loses nothing."""
    async with running() as server:
        with trio.fail_after(30):
            received = await server.exchange(get("/big"))
        assert received.count(b"x") >= 24 * 1024 * 1024


async def test_running_request_is_answered_during_shutdown() -> None:
    """Stopping lets a request that runs finish, and refuses new connections."""
    async with running() as server, await server.connect() as client:
        await client.send_all(get("/slow"))
        await trio.sleep(0.1)
        server.stop.set()
        answer = await read_all(client)
        assert answer.endswith(b"slow")
        with pytest.raises(OSError, match=r"."):
            await server.connect()


async def test_dripped_head_is_cut_off_by_a_total_deadline() -> None:
    """One header byte at a time does not extend the head's deadline."""
    async with running(LOCAL(patience=QUICK)) as server, await server.connect() as client:
        await client.send_all(b"GET / HTTP/1.1\r\n")
        with trio.fail_after(5):
            with pytest.raises((trio.BrokenResourceError, trio.ClosedResourceError)):
                while True:
                    await client.send_all(b"X")
                    await trio.sleep(0.05)
        assert await server.answers()


async def test_dripped_body_gets_408() -> None:
    """A body that drips in is answered with 408 at the total deadline."""
    maker = partial(tiny_app, body_seconds=0.4)
    async with running(app_maker=maker) as server, await server.connect() as client:
        await client.send_all(
            b"POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n"
        )
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_drip, client)
            with trio.fail_after(5):
                answer = await read_all(client)
            nursery.cancel_scope.cancel()
        assert answer.startswith(b"HTTP/1.1 408")
        assert b"urn:onefunders:problem:request_timeout" in answer


async def _drip(client: trio.SocketStream) -> None:
    while True:
        try:
            await client.send_all(b"x")
        except trio.BrokenResourceError:
            return
        await trio.sleep(0.05)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        pytest.param(
            b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            b"400",
            id="length and chunked",
        ),
        pytest.param(
            b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Length: 4\r\n\r\n0\r\n\r\n",
            b"400",
            id="chunked and length",
        ),
        pytest.param(
            b"POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"400",
            id="chunked in 1.0",
        ),
        pytest.param(
            b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            b"501",
            id="odd transfer encoding",
        ),
        pytest.param(
            b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
            b"400",
            id="two lengths",
        ),
        pytest.param(
            get("/", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA"),
            b"400",
            id="h2c upgrade",
        ),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"505", id="h2 prior knowledge"),
        pytest.param(b"GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", b"400", id="absolute target"),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", b"400", id="no host"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400", id="garbage"),
    ],
)
async def test_ambiguous_request_is_refused_and_the_connection_closed(
    raw: bytes, status: bytes
) -> None:
    """What two parsers may read in two ways gets one refusal and no second answer."""
    async with running() as server:
        with trio.fail_after(10):
            answer = await server.exchange(raw)
        assert answer.startswith(b"HTTP/1.1 " + status)
        assert answer.count(b"HTTP/1.1 ") == 1
        assert b"x-request-id" in answer.lower()
        assert await server.answers()


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/echo", 4096, b"200"),
        ("/echo", 4097, b"413"),
        ("/api/connect", 16384, b"200"),
        ("/api/connect", 16385, b"413"),
    ],
)
async def test_body_caps_hold_to_the_byte(path: str, size: int, status: bytes) -> None:
    """4 KiB in general and 16 KiB for signed routes pass; one byte more is 413."""
    async with running() as server:
        answer = await server.exchange(post(path, b"x" * size))
        assert answer.startswith(b"HTTP/1.1 " + status)


async def test_endless_chunked_body_is_refused_without_a_length() -> None:
    """Chunks that never end are cut at the cap, and the refusal can be read."""
    async with running() as server, await server.connect() as client:
        await client.send_all(
            b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_chunks, client)
            with trio.fail_after(10):
                answer = await read_all(client)
            nursery.cancel_scope.cancel()
        assert answer.startswith(b"HTTP/1.1 413")
        assert await server.answers()


async def _chunks(client: trio.SocketStream) -> None:
    while True:
        try:
            await client.send_all(b"100\r\n" + b"x" * 256 + b"\r\n")
        except trio.BrokenResourceError:
            return


async def test_packed_body_is_refused() -> None:
    """A content encoding on a request is 415: nothing is ever unpacked."""
    async with running() as server:
        answer = await server.exchange(post("/echo", b"x", "Content-Encoding: gzip"))
        assert answer.startswith(b"HTTP/1.1 415")


async def test_connections_over_the_cap_get_503_until_one_leaves() -> None:
    """The cap refuses newcomers and gives a freed place to the next one."""
    async with running(LOCAL(max_connections=2)) as server:
        first, second = await server.connect(), await server.connect()
        for client in (first, second):
            await client.send_all(get("/", close=False))
            await read_head(client)
        refused = await server.exchange(b"")
        assert refused.startswith(b"HTTP/1.1 503")
        await first.aclose()
        await _until_served(server)
        await second.aclose()


async def test_connections_of_one_address_are_capped() -> None:
    """One address cannot take every place."""
    async with running(LOCAL(max_connections_per_address=1)) as server:
        async with await server.connect() as client:
            await client.send_all(get("/", close=False))
            await read_head(client)
            assert (await server.exchange(b"")).startswith(b"HTTP/1.1 503")
        await _until_served(server)


async def _until_served(server: Running) -> None:
    with trio.fail_after(10):
        while not (await server.exchange(get("/"))).startswith(b"HTTP/1.1 200"):
            await trio.sleep(0.05)


async def test_keep_alive_serves_a_second_request_on_the_same_connection() -> None:
    """A kept connection answers again."""
    async with running() as server, await server.connect() as client:
        for _ in range(3):
            await client.send_all(get("/", close=False))
            assert b" 200" in await read_head(client)


async def test_closing_answer_is_followed_by_its_fin(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that waits for the end of the connection does not wait for the linger time."""
    monkeypatch.setattr("web.connection._LINGER_SECONDS", 60.0)
    async with running() as server, await server.connect() as client:
        await client.send_all(get("/"))
        with trio.fail_after(10):
            assert (await read_all(client)).endswith(b"hello")


async def test_idle_connection_is_closed_after_keep_alive() -> None:
    """Silence between requests ends at the keep-alive time."""
    quick = Patience(keep_alive=0.3)
    async with running(LOCAL(patience=quick)) as server, await server.connect() as client:
        await client.send_all(get("/", close=False))
        await read_head(client)
        with trio.fail_after(5):
            assert await read_all(client) in (b"", b"hello")


async def test_answer_longer_than_the_read_bound_is_not_cut() -> None:
    """Silence of a client that waits for its answer is no fault."""
    quick = Patience(read=0.1)
    async with running(LOCAL(patience=quick)) as server:
        assert (await server.exchange(get("/slow"))).endswith(b"slow")


async def test_oversized_websocket_message_closes_the_connection() -> None:
    """A message over 64 KiB ends in 1009 and a closed connection, however it is fragmented."""
    async with running() as server, await server.connect() as client:
        await client.send_all(upgrade("/ws"))
        await read_head(client)
        await client.send_all(_frame(b"a" * 60_000, opcode=1, final=False))
        with trio.fail_after(10):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_fragments, client)
                received = await read_all(client)
                nursery.cancel_scope.cancel()
        assert b"\x88\x02\x03\xf1" in received
        assert await server.answers()


async def _fragments(client: trio.SocketStream) -> None:
    while True:
        try:
            await client.send_all(_frame(b"a" * 60_000, opcode=0, final=False))
        except trio.BrokenResourceError:
            return


def _frame(payload: bytes, *, opcode: int, final: bool) -> bytes:
    """A client frame with a zero mask."""
    head = bytes([opcode | (0x80 if final else 0), 0x80 | 126]) + len(payload).to_bytes(2, "big")
    return head + b"\0\0\0\0" + payload


async def test_websocket_echoes_without_compression() -> None:
    """A WebSocket works, and compression that the client offers is not taken."""
    async with running() as server, await server.connect() as client:
        await client.send_all(upgrade("/ws", "Sec-WebSocket-Extensions: permessage-deflate"))
        head = await read_head(client)
        assert head.startswith(b"HTTP/1.1 101")
        assert b"extensions" not in head.lower()
        # The server's first ping may have come with the head.
        await client.send_all(_frame(b"hello" * 30, opcode=1, final=True))
        received = bytearray(head)
        with trio.fail_after(5):
            while b"hello" * 30 not in received:
                received += await client.receive_some(1000)


async def test_silent_websocket_that_ignores_pings_is_dropped() -> None:
    """A peer that answers no ping is gone after the read bound."""
    config = LOCAL(patience=QUICK, websocket_ping_seconds=0.2)
    async with running(config) as server, await server.connect() as client:
        await client.send_all(upgrade("/ws"))
        with trio.fail_after(5):
            await read_all(client)


async def test_admin_listener_is_told_apart_and_loopback_only() -> None:
    """A request through the admin port is marked; a public bind of it is refused."""
    async with running(LOCAL(admin_port=0)) as server:
        async with await trio.open_tcp_stream("127.0.0.1", server.admin_port) as client:
            await client.send_all(get("/"))
            assert (await read_all(client)).endswith(b"admin")
        assert await server.answers()
    with pytest.raises(ValueError, match="loopback"):
        ServerConfig("127.0.0.1", 0, admin_host="0.0.0.0", admin_port=0)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", b"421"),
        (get("/", "Origin: https://evil.example"), b"403"),
        (get("/", "Sec-Fetch-Site: cross-site"), b"403"),
        (get("/", "Sec-Fetch-Site: none"), b"200"),
    ],
)
async def test_admin_port_refuses_what_a_foreign_page_sends(raw: bytes, status: bytes) -> None:
    """A browser on the same machine cannot be led to the admin port."""
    async with running(LOCAL(admin_port=0)) as server:
        async with await trio.open_tcp_stream("127.0.0.1", server.admin_port) as client:
            await client.send_all(raw)
            assert (await read_all(client)).startswith(b"HTTP/1.1 " + status)


async def test_every_answer_has_the_edge_headers_and_no_server_name() -> None:
    """Found, missing, wrong method and crashed routes carry id and security headers alike."""
    async with running() as server:
        for path in ("/", "/nowhere", "/api/connect", "/boom"):
            answer = (await server.exchange(get(path))).lower()
            assert b"x-request-id: " in answer
            assert b"x-content-type-options: nosniff" in answer
            assert b"content-security-policy: default-src" in answer
            assert b"\r\nserver:" not in answer
            assert b"canary" not in answer
            assert b"traceback" not in answer
