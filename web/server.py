"""The hardened HTTP server: hypercorn's protocol on trio, with bounds on everything.

``serve`` is started in the supervisor's nursery and ended through its shutdown trigger: it stops
accepting, lets requests finish for ``graceful_seconds``, then cuts. It ends within
``graceful_seconds`` + ``patience.send`` + 1 s even while clients refuse to read.
"""

import errno
import logging
import socket
from collections import Counter
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Any

import structlog
import trio
from attrs import define, field, frozen
from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.config import Config
from hypercorn.trio.lifespan import Lifespan
from hypercorn.trio.worker_context import WorkerContext
from hypercorn.typing import AppWrapper, ConnectionState

from web.asgi import ADMIN_LISTENER, LISTENER, App, Message, Receive, Scope, Send
from web.connection import Connection, Patience
from web.limits import client_address

log = structlog.get_logger("web.server")

_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\ncontent-length: 0\r\n"
    b"connection: close\r\n\r\n"
)
# Out of descriptors or memory: accepting again at once would only spin.
_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_EXHAUSTED_PAUSE_SECONDS = 0.2
_ACCEPTS_PER_TURN = 64
# The kernel takes no more than this for a client that does not read: a slow one is felt at once,
# instead of being sent megabytes of what is old by the time it reads them.
_UNSENT_BYTES = 64 * 1024
_LIFESPAN_SECONDS = 5.0


@frozen
class ServerConfig:
    """Where to listen and how much to take. Port 0 = any free port.

    ``admin_port`` None = no admin listener; its host must be a loopback address.
    ``max_connections_per_address`` None = no cap, as needed behind a proxy, whose address all
    connections share. ``user_timeout_seconds``: the kernel drops a connection whose sent bytes
    stay unacknowledged this long.
    """

    host: str
    port: int
    admin_host: str = "127.0.0.1"
    admin_port: int | None = None
    max_connections: int = 4096
    max_connections_per_address: int | None = 100
    patience: Patience = field(factory=Patience)
    graceful_seconds: float = 3.0
    user_timeout_seconds: float = 10.0
    websocket_max_bytes: int = 64 * 1024
    websocket_ping_seconds: float = 20.0
    backlog: int = 1024

    def __attrs_post_init__(self) -> None:
        if not ip_address(self.admin_host).is_loopback:
            raise ValueError("the admin port listens on a loopback address only")


@frozen
class Listening:
    """The addresses that the server listens on, as URLs."""

    public: str
    admin: str | None


async def serve(
    app: Any,
    config: ServerConfig,
    *,
    shutdown_trigger: Callable[[], Awaitable[None]],
    task_status: trio.TaskStatus[Listening] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve an ASGI application until ``shutdown_trigger`` returns; reports where it listens."""
    wrapped = ASGIWrapper(_yielding(app))  # type: ignore[arg-type]  # our types are ASGI's own
    tuned = _hypercorn_config(config)
    async with trio.open_nursery() as nursery:
        lifespan = Lifespan(wrapped, tuned, {})
        await nursery.start(lifespan.handle_lifespan)
        await lifespan.wait_for_startup()
        doors = _Doors(wrapped, config, tuned)
        try:
            await doors.open_until(shutdown_trigger, task_status)
        finally:
            doors.close()
        await lifespan.wait_for_shutdown()
        nursery.cancel_scope.cancel()


def _yielding(app: App) -> App:
    """Make every send a checkpoint.

    hypercorn takes what is sent to a closed connection without one, so an application that sends
    in a loop would never learn of its cancellation and would hold the whole loop.
    """

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_and_yield(message: Message) -> None:
            await trio.lowlevel.checkpoint()
            await send(message)

        await app(scope, receive, send_and_yield)

    return call


def _hypercorn_config(config: ServerConfig) -> Config:
    tuned = Config()
    tuned.include_server_header = False
    tuned.keep_alive_timeout = config.patience.keep_alive
    tuned.websocket_max_message_size = config.websocket_max_bytes
    tuned.websocket_ping_interval = config.websocket_ping_seconds
    tuned.accesslog = None
    tuned.errorlog = logging.getLogger("web.server")
    tuned.startup_timeout = _LIFESPAN_SECONDS
    tuned.shutdown_timeout = _LIFESPAN_SECONDS
    return tuned


def _listening_socket(host: str, port: int, config: ServerConfig) -> socket.socket:
    """Bound here, not by hypercorn, because accepted sockets inherit its bounds."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            milliseconds = int(config.user_timeout_seconds * 1000)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT_BYTES)
        sock.bind((host, port))
        sock.listen(config.backlog)
        sock.settimeout(0)
    except OSError:
        sock.close()
        raise
    return sock


def _url(sock: socket.socket) -> str:
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@define
class _Doors:
    """The listeners and everything that came in through them."""

    app: AppWrapper
    config: ServerConfig
    tuned: Config
    context: WorkerContext = field(factory=lambda: WorkerContext(None), init=False)
    sockets: list[socket.socket] = field(factory=list, init=False)

    async def open_until(
        self,
        shutdown_trigger: Callable[[], Awaitable[None]],
        task_status: trio.TaskStatus[Listening],
    ) -> None:
        public = self._door(self.config.host, self.config.port, {}, self._public_caps())
        doors = [public]
        if self.config.admin_port is not None:
            state = {LISTENER: ADMIN_LISTENER}
            caps = _Caps(trio.CapacityLimiter(32), None)
            doors.append(self._door(self.config.admin_host, self.config.admin_port, state, caps))
        admin = None if len(doors) == 1 else _url(doors[1].sock)
        async with trio.open_nursery() as connections:
            async with trio.open_nursery() as accepting:
                for door in doors:
                    accepting.start_soon(door.accept_forever, connections)
                task_status.started(Listening(_url(public.sock), admin))
                await shutdown_trigger()
                accepting.cancel_scope.cancel()
            self.close()
            await self.context.terminated.set()
            connections.cancel_scope.deadline = trio.current_time() + self.config.graceful_seconds

    def close(self) -> None:
        """Stop listening; what is connected stays."""
        while self.sockets:
            self.sockets.pop().close()

    def _public_caps(self) -> "_Caps":
        total = trio.CapacityLimiter(self.config.max_connections)
        return _Caps(total, self.config.max_connections_per_address)

    def _door(self, host: str, port: int, state: dict[str, Any], caps: "_Caps") -> "_Door":
        sock = _listening_socket(host, port, self.config)
        self.sockets.append(sock)
        return _Door(self.app, self.tuned, self.context, self.config.patience, sock, state, caps)


@define
class _Caps:
    """Connection caps of one listener: in all, and per counted client address."""

    total: trio.CapacityLimiter
    per_address: int | None
    by_address: Counter[str] = field(factory=Counter, init=False)

    def enter(self, sock: socket.socket, address: str) -> bool:
        """Take a place; False when there is none."""
        if self.per_address is not None and self.by_address[address] >= self.per_address:
            return False
        try:
            self.total.acquire_on_behalf_of_nowait(sock)
        except trio.WouldBlock:
            return False
        self.by_address[address] += 1
        return True

    def leave(self, sock: socket.socket, address: str) -> None:
        """Give the place back."""
        self.total.release_on_behalf_of(sock)
        self.by_address[address] -= 1
        if not self.by_address[address]:
            del self.by_address[address]


@define
class _Door:
    """One listening socket."""

    app: AppWrapper
    tuned: Config
    context: WorkerContext
    patience: Patience
    sock: socket.socket
    state: dict[str, Any]
    caps: _Caps

    async def accept_forever(self, connections: trio.Nursery) -> None:
        """Accept until it would block: one accept per wake-up starves newcomers under load."""
        while True:
            await trio.lowlevel.wait_readable(self.sock)
            for _ in range(_ACCEPTS_PER_TURN):
                try:
                    accepted, peer = self.sock.accept()
                except BlockingIOError:
                    break
                except OSError as error:
                    await self._accept_failed(error)
                    break
                self._admit(accepted, client_address(peer[0], (), 0), connections)

    async def _accept_failed(self, error: OSError) -> None:
        """A client that left before we came is nothing; exhaustion is waited out."""
        if error.errno in _EXHAUSTED:
            log.error("accept_exhausted", errno=error.errno)
            await trio.sleep(_EXHAUSTED_PAUSE_SECONDS)

    def _admit(self, accepted: socket.socket, address: str, connections: trio.Nursery) -> None:
        if self.caps.enter(accepted, address):
            connections.start_soon(self._serve, accepted, address)
            return
        log.warning("connection_refused_by_cap")
        accepted.settimeout(0)
        try:
            accepted.send(_BUSY)
        except OSError:
            log.debug("client_gone")
        accepted.close()

    async def _serve(self, accepted: socket.socket, address: str) -> None:
        try:
            stream = trio.SocketStream(trio.socket.from_stdlib_socket(accepted))
            state = ConnectionState(self.state.copy())
            await Connection(self.app, self.tuned, self.context, state, stream, self.patience).run()
        finally:
            self.caps.leave(accepted, address)
