"""The simulated bridge behind the wire protocol: one TCP stream per supervisor."""

import secrets
from math import isinf

import trio

from actors.errors import ProtocolViolation
from actors.mt5.framed_stream import FramedStream
from actors.mt5.simulator.faults import Fault
from actors.mt5.simulator.reads import BUILD
from actors.mt5.simulator.service import SimulatedBridge
from actors.mt5.wire import decode_request, encode_response
from actors.mt5.wire_answers import Opened
from actors.mt5.wire_handshake import NONCE_BYTES, BridgeHandshake, check_secret
from actors.mt5.wire_requests import Close, Request

HELLO_SECONDS = 10.0


class SimulatorServer:
    """Serves a SimulatedBridge on loopback TCP. ``secret``: shared with the client, ≥ 32 bytes.

    A peer that has not proved it within ``hello_seconds`` is dropped.
    """

    def __init__(
        self, bridge: SimulatedBridge, secret: bytes, *, hello_seconds: float = HELLO_SECONDS
    ) -> None:
        self._bridge = bridge
        self._hello_seconds = hello_seconds
        self._secret = check_secret(secret)

    async def serve(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Accept streams until cancelled; reports the port by ``task_status``."""
        listeners = await trio.open_tcp_listeners(port, host=host)
        task_status.started(listeners[0].socket.getsockname()[1])
        await trio.serve_listeners(self._serve_stream, listeners)

    async def _serve_stream(self, stream: trio.SocketStream) -> None:
        peer = _Peer(self._bridge, self._secret, FramedStream(stream))
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
    """One supervisor's stream: its hello, its requests, the sessions it holds."""

    def __init__(self, bridge: SimulatedBridge, secret: bytes, frames: FramedStream) -> None:
        self._bridge = bridge
        self._secret = secret
        self._frames = frames
        self._sessions: set[int] = set()
        self._sending = trio.Lock()

    async def serve(self) -> None:
        """Answer until the peer closes."""
        async with trio.open_nursery() as nursery:
            while batch := await self._frames.receive():
                ready = b"".join(self._begin(nursery, payload) for payload in batch)
                if ready:
                    await self._send(ready)
            nursery.cancel_scope.cancel()

    def release_all(self) -> None:
        """Give back what the peer held."""
        for session_id in self._sessions:
            self._bridge.release(session_id)

    async def shake_hands(self) -> None:
        """Prove the secret to each other. Raises ProtocolViolation."""
        handshake = BridgeHandshake(self._secret, secrets.token_bytes(NONCE_BYTES))
        await self._frames.send(handshake.answer(await self._frames.receive_one()))
        proof = await self._frames.receive_one()
        slots = self._bridge.slots
        await self._frames.send(handshake.finish(proof, build=BUILD, slots=slots))

    def _begin(self, nursery: trio.Nursery, payload: bytes) -> bytes:
        """Return the answer when it is ready at once, else answer later from a task."""
        request = decode_request(payload)
        fault = self._bridge.fault_for(request.body)
        delay = self._bridge.delay_seconds(request.body, fault)
        if isinf(delay):
            return b""
        if delay > 0:

            async def answer_later() -> None:
                await trio.sleep(delay)
                await self._send(self._answer(request, fault))

            nursery.start_soon(answer_later)
            return b""
        return self._answer(request, fault)

    def _answer(self, request: Request, fault: Fault | None) -> bytes:
        body = self._bridge.answer(request.body, fault)
        if isinstance(body, Opened):
            self._sessions.add(body.session_id)
        elif isinstance(request.body, Close):
            self._sessions.discard(request.body.session_id)
        return encode_response(request.request_id, body)

    async def _send(self, frames: bytes) -> None:
        async with self._sending:
            await self._frames.send(frames)
