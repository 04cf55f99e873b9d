"""A tiny application behind the hardened server on a real socket, for the server's tests."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import trio
from attrs import define, field
from quart import Response, request, websocket
from quart_trio import QuartTrio

from web.asgi import on_admin_port
from web.edge import edge
from web.headers import EdgeConfig
from web.server import Listening, ServerConfig, serve

BIG_BYTES = 24 * 1024 * 1024


def tiny_app(*, body_seconds: float = 10.0) -> QuartTrio:
    """Routes that answer, echo, answer hugely, and speak WebSocket."""
    app = QuartTrio("tiny")

    @app.get("/")
    async def hello() -> str:
        return "admin" if on_admin_port(request.scope) else "hello"

    @app.post("/api/connect")
    @app.post("/echo")
    async def echo() -> bytes:
        return await request.get_data(cache=True, as_text=False, parse_form_data=False)

    @app.get("/big")
    async def big() -> Response:
        return Response(b"x" * BIG_BYTES)

    @app.get("/slow")
    async def slow() -> str:
        await trio.sleep(0.5)
        return "slow"

    @app.get("/boom")
    async def boom() -> str:
        raise RuntimeError("canary-of-a-stack-trace")

    @app.websocket("/ws")
    async def echo_back() -> None:
        while True:
            await websocket.send(await websocket.receive())

    @app.websocket("/flood")
    async def flood() -> None:
        while True:
            await websocket.send("y" * 60_000)

    app.asgi_app = edge(app.asgi_app, EdgeConfig(), body_seconds=body_seconds)  # type: ignore[assignment, arg-type, method-assign]
    return app


@define
class Running:
    """A server that runs, and the event that ends it."""

    listening: Listening
    stop: trio.Event
    stopped: trio.Event = field(factory=trio.Event)

    @property
    def port(self) -> int:
        """Port of the public listener."""
        return int(self.listening.public.rsplit(":", 1)[1])

    @property
    def admin_port(self) -> int:
        """Port of the admin listener."""
        assert self.listening.admin is not None
        return int(self.listening.admin.rsplit(":", 1)[1])

    async def connect(self) -> trio.SocketStream:
        """A raw client connection."""
        return await trio.open_tcp_stream("127.0.0.1", self.port)

    async def exchange(self, raw: bytes) -> bytes:
        """Send bytes and read until the server closes."""
        async with await self.connect() as client:
            await client.send_all(raw)
            return await read_all(client)

    async def answers(self) -> bool:
        """Whether the server still serves a plain request."""
        with trio.fail_after(10):
            answer = await self.exchange(get("/"))
        return answer.startswith(b"HTTP/1.1 200") and answer.endswith(b"hello")


def get(path: str, *headers: str, close: bool = True) -> bytes:
    """A GET request as bytes."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    if close:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def post(path: str, body: bytes, *headers: str) -> bytes:
    """A POST request as bytes, closing the connection after the answer."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [*headers, "Connection: close"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def upgrade(path: str, *headers: str) -> bytes:
    """A WebSocket opening handshake as bytes."""
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        *headers,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def read_all(client: trio.SocketStream) -> bytes:
    """Everything until the server closes or resets the connection."""
    received = bytearray()
    while True:
        try:
            chunk = await client.receive_some(65536)
        except trio.BrokenResourceError:
            return bytes(received)
        if not chunk:
            return bytes(received)
        received += chunk


async def read_head(client: trio.SocketStream) -> bytes:
    """Bytes up to the end of a response's head, and whatever came with them."""
    received = bytearray()
    while b"\r\n\r\n" not in received:
        chunk = await client.receive_some(65536)
        assert chunk, bytes(received)
        received += chunk
    return bytes(received)


@asynccontextmanager
async def running(
    config: ServerConfig | None = None, app_maker: Callable[[], QuartTrio] = tiny_app
) -> AsyncIterator[Running]:
    """Serve a tiny application until the block ends."""
    async with trio.open_nursery() as nursery:
        stop, stopped = trio.Event(), trio.Event()

        async def run(task_status: trio.TaskStatus[Listening]) -> None:
            await serve(
                app_maker(),
                config or ServerConfig("127.0.0.1", 0),
                shutdown_trigger=stop.wait,
                task_status=task_status,
            )
            stopped.set()

        listening: Listening = await nursery.start(run)
        yield Running(listening, stop, stopped)
        stop.set()
