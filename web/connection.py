"""One client connection: bounded in every direction, and never able to harm another.

hypercorn's own class lets an error of one connection end the whole process (its issue 225), waits
for ever for a client that does not read, and keeps a closed connection for its keep-alive time.
"""

import socket
import struct
from contextlib import suppress
from math import inf

import structlog
import trio
from attrs import frozen
from hypercorn.config import Config
from hypercorn.events import Closed, Event, RawData, Updated
from hypercorn.trio.task_group import TaskGroup
from hypercorn.trio.tcp_server import TCPServer
from hypercorn.trio.worker_context import WorkerContext
from hypercorn.typing import AppWrapper, ConnectionState
from hypercorn.utils import parse_socket_addr

from web.protocol import StrictProtocol

log = structlog.get_logger("web.server")

_MAX_RECEIVE_BYTES = 2**16
_MAX_SEND_BYTES = 2**14
# After our FIN the client gets this long to read the answer before the socket is gone.
_LINGER_SECONDS = 1.0
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@frozen
class Patience:
    """How long a client is waited for, in seconds.

    ``head``: a request's head from its first byte. ``read``: silence while a body or a pong is
    due. ``send``: the kernel taking 16 KiB. ``keep_alive``: silence between requests.
    """

    head: float = 10.0
    read: float = 30.0
    send: float = 5.0
    keep_alive: float = 75.0


class Connection(TCPServer):
    """Serves one plain TCP connection until it ends; errors end this connection only."""

    protocol: StrictProtocol  # type: ignore[assignment]

    def __init__(
        self,
        app: AppWrapper,
        config: Config,
        context: WorkerContext,
        state: ConnectionState,
        stream: trio.SocketStream,
        patience: Patience,
    ) -> None:
        super().__init__(app, config, context, state, stream)  # type: ignore[arg-type]  # no TLS here
        self.socket_stream = stream
        self.patience = patience
        self.scope = trio.CancelScope()
        self.ending = False

    async def run(self) -> None:
        """Serve; log and drop whatever goes wrong, except cancellation from outside."""
        try:
            with self.scope:
                await self._guarded()
        finally:
            await trio.aclose_forcefully(self.socket_stream)

    async def _guarded(self) -> None:
        try:
            await self._serve()
        except* (OSError, trio.BrokenResourceError, trio.ClosedResourceError):
            log.debug("client_gone")
        except* Exception:
            log.exception("connection_failed")

    async def _serve(self) -> None:
        sock = self.socket_stream.socket
        async with TaskGroup() as task_group:
            self._task_group = task_group
            self.protocol = StrictProtocol(
                app=self.app,
                config=self.config,
                context=self.context,
                task_group=task_group,
                connection_state=ConnectionState(self.state.copy()),
                ssl=False,
                client=parse_socket_addr(sock.family, sock.getpeername()),
                server=parse_socket_addr(sock.family, sock.getsockname()),
                send=self.protocol_send,
            )
            await self.idle_task.restart(task_group, self._idle_timeout)
            await self._read_data()
            self._end_soon()
            await self.idle_task.stop()

    async def protocol_send(self, event: Event) -> None:
        """Send bytes within bounds; on ``Closed`` send FIN and let the client read the rest."""
        if isinstance(event, RawData):
            await self._send(event.data)
        elif isinstance(event, Closed):
            self._end_soon()
            # The application's task is cancelled once its answer is out; our FIN must still go, or
            # a client that waits for it waits for the linger time.
            with (
                trio.CancelScope(shield=True),
                suppress(trio.BrokenResourceError, trio.BusyResourceError),
            ):
                await self.socket_stream.send_eof()
            await self.protocol.handle(Closed())
        elif isinstance(event, Updated) and not self.ending:
            # Called by the application's task, which may be cancelled at this very moment, as its
            # answer is out; the keep-alive timer must not be cancelled with it.
            with trio.CancelScope(shield=True):
                await super().protocol_send(event)

    async def _send(self, data: bytes) -> None:
        async with self.send_lock:
            for start in range(0, len(data), _MAX_SEND_BYTES):
                await trio.lowlevel.checkpoint_if_cancelled()
                await self._send_chunk(data[start : start + _MAX_SEND_BYTES])

    async def _send_chunk(self, chunk: bytes) -> None:
        """Shielded, so that cancellation leaves no torn answer; bounded, so that it ends."""
        with trio.move_on_after(self.patience.send, shield=True) as sending:
            try:
                await self.socket_stream.send_all(chunk)
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                self.scope.cancel()
        if sending.cancelled_caught:
            self._reset()

    def _reset(self) -> None:
        """Drop a client that does not read: no FIN, no unsent bytes left in the kernel."""
        log.info("slow_reader_dropped")
        with suppress(OSError):
            self.socket_stream.socket.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE
            )
        self.scope.cancel()

    def _end_soon(self) -> None:
        """No more requests; whatever still runs here has a moment to finish."""
        self.ending = True
        # Our own scope, not the task group's nursery: hypercorn's group leaks its cancellation.
        self.scope.deadline = min(self.scope.deadline, trio.current_time() + _LINGER_SECONDS)

    async def _read_data(self) -> None:
        head_ends = inf
        while True:
            data = await self._receive(head_ends)
            if not self.ending:
                await self.protocol.handle(RawData(data))
            if data == b"":
                break
            head_ends = self._head_ends(head_ends)
        await self.protocol.handle(Closed())

    async def _receive(self, head_ends: float) -> bytes:
        """The next bytes; none when the client closed, broke off or took too long."""
        silence = self.patience.read if self.protocol.expects_data else inf
        with trio.move_on_at(min(head_ends, trio.current_time() + silence)):
            try:
                return bytes(await self.socket_stream.receive_some(_MAX_RECEIVE_BYTES))
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                return b""
        return b""

    def _head_ends(self, head_ends: float) -> float:
        """The deadline of the head: set by its first byte, not moved by later ones."""
        if not self.protocol.head_pending:
            return inf
        return min(head_ends, trio.current_time() + self.patience.head)
