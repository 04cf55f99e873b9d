"""A dashboard's side of ``GET /api/live``, for tests: real sockets, the contract's messages."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import trio
from attrs import define, field
from trio_websocket import ConnectionClosed, WebSocketConnection, wrap_client_stream

from tests.integration.web.tiny import read_head, upgrade

SECONDS = 10.0


@define
class Listener:
    """One socket. ``heard`` holds every message of the server so far, in order."""

    socket: WebSocketConnection
    heard: list[dict[str, Any]] = field(factory=list)

    async def say(self, **message: Any) -> None:
        """Send one message."""
        await self.socket.send_message(json.dumps(message))

    async def enter(self, token: str, *account_ids: str) -> None:
        """Authenticate, and watch these accounts."""
        await self.say(type="auth", token=token)
        await self.hear("ready")
        await self.say(type="subscribe", account_ids=account_ids)

    async def next(self) -> dict[str, Any]:
        """The next message."""
        with trio.fail_after(SECONDS):
            message: dict[str, Any] = json.loads(await self.socket.get_message())
        self.heard.append(message)
        return message

    async def hear(self, kind: str, account_id: str | None = None) -> dict[str, Any]:
        """The next message of a kind (about an account); others are kept in ``heard``."""
        with trio.fail_after(40):
            while True:
                message = await self.next_whenever()
                if message["type"] == kind and account_id in (None, message.get("account_id")):
                    return message

    async def next_whenever(self) -> dict[str, Any]:
        """The next message, however long it takes."""
        message: dict[str, Any] = json.loads(await self.socket.get_message())
        self.heard.append(message)
        return message

    async def end(self) -> int:
        """Listen until the server closes the socket; its code, 0 without one."""
        with trio.fail_after(40):
            while True:
                try:
                    await self.next_whenever()
                except ConnectionClosed as closed:
                    return int(closed.reason.code) if closed.reason is not None else 0


@asynccontextmanager
async def listening(
    url: str, *, origin: str | None = None, headers: Sequence[tuple[bytes, bytes]] = ()
) -> AsyncIterator[Listener]:
    """Open a live socket at ``url`` (http://…); its page is from ``origin``, else from there."""
    sent = [(b"origin", (origin or url).encode()), *headers]
    host, _, port = url.removeprefix("http://").partition(":")
    # The library leaves the stream open when the server ends the socket, so it is closed here.
    async with (
        await trio.open_tcp_stream(host, int(port)) as stream,
        trio.open_nursery() as nursery,
    ):
        socket = await wrap_client_stream(
            nursery, stream, f"{host}:{port}", "/api/live", extra_headers=sent
        )
        yield Listener(socket)
        nursery.cancel_scope.cancel()


async def refusal(port: int, origin: str | None) -> bytes:
    """The status line with which a handshake is answered."""
    sent = () if origin is None else (f"Origin: {origin}",)
    async with await trio.open_tcp_stream("127.0.0.1", port) as client:
        await client.send_all(upgrade("/api/live", *sent))
        return (await read_head(client)).partition(b"\r\n")[0]
