"""A live reader who does not keep up, at the hardened server on real sockets."""

import json
from typing import Any
from uuid import UUID

import pytest
import trio
from attrs import evolve, frozen
from quart_trio import QuartTrio

from actors.clock import SystemClock
from tests.integration.web.tiny import Running, read_head, running, upgrade
from tests.unit.web.auth.house import ALICE, SECRET, FakeUsers
from tests.unit.web.test_views import synced, view_of
from web.auth.guards import TokenGuard
from web.auth.tokens import Tokens
from web.connection import Patience
from web.edge import edge
from web.headers import EdgeConfig
from web.limits import InProcessLimiter, RateGate
from web.live.board import Board
from web.live.door import LiveDoor
from web.live.line import LiveRoom
from web.ports import Principal, View
from web.server import ServerConfig

ORIGIN = "https://dashboard.example"
IDS = tuple(UUID(int=number) for number in range(1, 401))
"""Their summaries are more than the kernel takes for a client that does not read."""


@frozen
class OneForAll:
    """Every account looks the same."""

    seen: View

    async def view(self, who: Principal, account_id: UUID, instance_id: UUID | None) -> View:
        """The account under the id that was asked for."""
        row = self.seen.row
        return View(evolve(row, account=evolve(row.account, account_id=account_id)), None)


@frozen
class Place:
    """A board, and an application around it."""

    board: Board
    tokens: Tokens

    def app(self) -> QuartTrio:
        """Nothing but the live door."""
        clock = SystemClock()
        gate = RateGate(InProcessLimiter(clock))
        unit, published = synced()
        accounts: Any = OneForAll(view_of(unit, published))
        room = LiveRoom(accounts, TokenGuard(self.tokens, FakeUsers(), gate), clock, self.board)
        app = QuartTrio("live")
        inner: Any = app.asgi_app
        door = LiveDoor(inner, room, gate, frozenset({ORIGIN}))
        app.asgi_app = edge(door, EdgeConfig())  # type: ignore[assignment, method-assign]
        return app


def place() -> Place:
    """A new one."""
    return Place(Board(), Tokens({"k1": SECRET}, "k1", "onefunders", "dashboard", SystemClock()))


def frame(message: dict[str, Any]) -> bytes:
    """A client's text frame with a zero mask."""
    payload = json.dumps(message).encode()
    return bytes([0x81, 0x80 | 126]) + len(payload).to_bytes(2, "big") + bytes(4) + payload


async def subscribed(server: Running, token: str) -> trio.SocketStream:
    """A client with a small window that watches all accounts and reads nothing of them."""
    sock = trio.socket.socket()
    sock.setsockopt(trio.socket.SOL_SOCKET, trio.socket.SO_RCVBUF, 4096)
    await sock.connect(("127.0.0.1", server.port))
    client = trio.SocketStream(sock)
    await client.send_all(upgrade("/api/live", f"Origin: {ORIGIN}"))
    assert (await read_head(client)).startswith(b"HTTP/1.1 101")
    await client.send_all(frame({"type": "auth", "token": token}))
    await client.send_all(frame({"type": "subscribe", "account_ids": [str(one) for one in IDS]}))
    return client


async def test_a_reader_who_falls_behind_is_told_to_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When it reads on it gets `resync`, and the newest state of everything."""
    monkeypatch.setattr("web.live.line.BEHIND_SECONDS", 0.2)
    here = place()
    token, _ = here.tokens.mint(ALICE, 0)
    async with running(app_maker=here.app) as server:
        async with await subscribed(server, token) as client:
            await trio.sleep(1.0)
            received = bytearray()
            with trio.fail_after(20):
                while b'"resync"' not in received or received.count(b'"summary"') < len(IDS):
                    received += await client.receive_some(65536)
        assert here.board.resyncs == 1


async def test_a_reader_who_never_reads_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the send bound; its place is free again, and the drop is counted."""
    monkeypatch.setattr("web.live.line.BEHIND_SECONDS", 0.2)
    here = place()
    token, _ = here.tokens.mint(ALICE, 0)
    config = ServerConfig("127.0.0.1", 0, patience=Patience(send=1.0))
    async with running(config, here.app) as server:
        async with await subscribed(server, token):
            with trio.fail_after(20):
                while here.board.closed["not_reading"] < 1:
                    await trio.sleep(0.05)
        assert here.board.clients == 0


async def test_the_end_of_the_server_is_told() -> None:
    """1001 to each socket."""
    here = place()
    async with running(app_maker=here.app) as server, await server.connect() as client:
        await client.send_all(upgrade("/api/live", f"Origin: {ORIGIN}"))
        await read_head(client)
        here.board.close()
        received = bytearray()
        with trio.fail_after(10):
            while b"\x88\x02\x03\xe9" not in received:
                received += await client.receive_some(1000)
