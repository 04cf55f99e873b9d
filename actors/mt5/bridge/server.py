"""A backend behind the wire protocol: one TCP stream for each supervisor that proves the secret."""

import secrets

import trio

from actors.errors import BrokerFault, ProtocolViolation
from actors.mt5.bridge.backend import Backend
from actors.mt5.framed_stream import FramedStream
from actors.mt5.wire import decode_request, encode_response
from actors.mt5.wire_answers import Failed, Opened, ResponseBody
from actors.mt5.wire_handshake import NONCE_BYTES, BridgeHandshake, check_secret
from actors.mt5.wire_requests import Close, Health, Request

HELLO_SECONDS = 10.0
MOST_IN_FLIGHT = 256
BUSY_RETRY_MS = 1_000


class BridgeServer:
    """Serves a backend. ``secret``: shared with the supervisor, at least 32 bytes."""

    def __init__(
        self, backend: Backend, secret: bytes, *, hello_seconds: float = HELLO_SECONDS
    ) -> None:
        self._backend = backend
        self._secret = check_secret(secret)
        self._hello_seconds = hello_seconds

    async def serve(
        self,
        *,
        host: str,
        port: int,
        task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Accept streams on one address until cancelled; reports the port by ``task_status``."""
        listeners = await trio.open_tcp_listeners(port, host=host)
        task_status.started(listeners[0].socket.getsockname()[1])
        await trio.serve_listeners(self._serve_stream, listeners)

    async def _serve_stream(self, stream: trio.SocketStream) -> None:
        peer = _Peer(self._backend, self._secret, FramedStream(stream))
        try:
            with trio.fail_after(self._hello_seconds):
                await peer.shake_hands()
            await peer.serve()
        except* (
            ProtocolViolation,
            trio.BrokenResourceError,
            trio.ClosedResourceError,
            trio.TooSlowError,
        ):
            pass  # such a peer loses its stream and its sessions, as below; nothing else
        finally:
            peer.release_all()
            await trio.aclose_forcefully(stream)


class _Peer:
    """One supervisor's stream: its hello, its questions, the sessions it holds."""

    def __init__(self, backend: Backend, secret: bytes, frames: FramedStream) -> None:
        self._backend = backend
        self._secret = secret
        self._frames = frames
        self._sessions: set[int] = set()
        self._sending = trio.Lock()
        self._in_flight = 0

    async def shake_hands(self) -> None:
        """Prove the secret to each other. Raises ProtocolViolation."""
        handshake = BridgeHandshake(self._secret, secrets.token_bytes(NONCE_BYTES))
        await self._frames.send(handshake.answer(await self._frames.receive_one()))
        proof = await self._frames.receive_one()
        build, places = self._backend.build, self._backend.places
        await self._frames.send(handshake.finish(proof, build=build, slots=places))

    async def serve(self) -> None:
        """Answer until the peer closes: each question from a task of its own."""
        async with trio.open_nursery() as nursery:
            while batch := await self._frames.receive():
                for payload in batch:
                    nursery.start_soon(self._answer, decode_request(payload))
            nursery.cancel_scope.cancel()

    def release_all(self) -> None:
        """Give back what the peer held."""
        for session_id in self._sessions:
            self._backend.release(session_id)

    async def _answer(self, request: Request) -> None:
        """An answer that comes late is sent too: a session that nobody awaits is then closed."""
        body = await self._body(request)
        if isinstance(body, Opened):
            self._sessions.add(body.session_id)
        elif isinstance(request.body, Close):
            self._sessions.discard(request.body.session_id)
        frame = encode_response(request.request_id, body)
        async with self._sending:
            await self._frames.send(frame)

    async def _body(self, request: Request) -> ResponseBody:
        is_light = isinstance(request.body, Close | Health)
        if self._in_flight >= MOST_IN_FLIGHT and not is_light:
            return Failed(BrokerFault.BUSY, BUSY_RETRY_MS)
        if self._is_foreign(request):
            return Failed(BrokerFault.TERMINAL_DEAD, None)
        self._in_flight += 1
        try:
            return await self._backend.answer(request.body, request.deadline_ms / 1000)
        finally:
            self._in_flight -= 1

    def _is_foreign(self, request: Request) -> bool:
        """True for a session of another stream: sessions are not shared, nor guessed."""
        session_id = getattr(request.body, "session_id", None)
        return session_id is not None and session_id not in self._sessions
