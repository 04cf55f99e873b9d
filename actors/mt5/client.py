"""The trio client of a bridge: one persistent stream, many questions in flight (MT5 3).

``run`` keeps the stream up; ``open`` and ``verify`` work while it does. When the stream is lost
every asker gets BrokerError(TERMINAL_DEAD) with the code ``bridge_lost``, sessions die with it, and
``run`` connects again. That is no fault of the broker's server, whose breaker must not count it.
"""

import secrets
from collections.abc import Callable
from datetime import datetime

import trio
from attrs import define, field

from actors.domain.fault_code import FaultCode
from actors.errors import BrokerError, BrokerFault, ProtocolViolation
from actors.mt5.framed_stream import FramedStream
from actors.mt5.session import BridgeSession, ServerClocks, open_session, verify_account
from actors.mt5.wire import decode_body, decode_head, encode_request
from actors.mt5.wire_answers import HealthResult, Opened, ResponseBody, ServerOffset
from actors.mt5.wire_handshake import NONCE_BYTES, SupervisorHandshake, check_secret
from actors.mt5.wire_requests import Close, Health, Open, RequestBody, Verify, Welcome
from actors.ports import BrokerAccount, Clock, Credentials

CONNECT_SECONDS = 10.0
FIRST_STREAM_SECONDS = 3.0
BACKOFF_BASE_SECONDS = 0.5
BACKOFF_CAP_SECONDS = 15.0
HEARTBEAT_SECONDS = 5.0
"""Between two heartbeats, and for the answer: a frozen bridge is noticed within two of them."""
MAX_LATE_ANSWERS = 4_096
BRIDGE_LOST = FaultCode.BRIDGE_LOST.value
"""Error code: the stream to the bridge was lost, and the session with it."""


@define(eq=False)
class _Waiter:
    answered: trio.Event = field(factory=trio.Event)
    outcome: ResponseBody | BrokerError | ProtocolViolation | None = None

    def settle(self, outcome: ResponseBody | BrokerError | ProtocolViolation) -> None:
        self.outcome = outcome
        self.answered.set()


class BridgeClient:
    """Implements ``actors.ports.Broker`` over TCP. Start ``run`` in a nursery.

    ``secret``: shared with the bridge, at least 32 bytes. ``server_clock`` gives a server's clock
    or raises KeyError or ServerClockError. ``rng`` gives [0, 1) for the backoff's full jitter.
    At most ``window`` reads and as many logins are in flight, so that slow logins hold up no read.
    ``health`` is what the bridge last said of itself.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        secret: bytes,
        clock: Clock,
        server_clock: ServerClocks,
        rng: Callable[[], float],
        window: int = 64,
    ) -> None:
        self._address = (host, port)
        self._secret = check_secret(secret)
        self._clock = clock
        self._server_clock = server_clock
        self._rng = rng
        self._reads = trio.Semaphore(window)
        self._logins = trio.Semaphore(window)
        self._heartbeat = trio.Semaphore(1)
        self._waiters: dict[int, _Waiter] = {}
        self._late: set[int] = set()
        self._last_request = 0
        self._outgoing: list[bytes] = []
        self._to_send = trio.Event()
        self._connected = trio.Event()
        self._epoch = 0
        self._welcome: Welcome | None = None
        self.health: HealthResult | None = None
        self.last_violation: str | None = None

    async def run(self) -> None:
        """Keep the stream up until cancelled."""
        failures = 0
        while True:
            before = self._epoch
            try:
                await self._live()
            except* (
                OSError,
                trio.BrokenResourceError,
                trio.ClosedResourceError,
                trio.TooSlowError,
            ):
                pass  # the stream is gone, which the state below and every asker now say
            except* ProtocolViolation as violations:
                self.last_violation = str(violations.exceptions[0])
            finally:
                self._lose()
            failures = 1 if self._epoch != before else failures + 1
            ceiling = min(BACKOFF_CAP_SECONDS, BACKOFF_BASE_SECONDS * 2 ** min(failures, 10))
            await trio.sleep(ceiling * self._rng())

    @property
    def is_connected(self) -> bool:
        """True while the stream is up and both sides have proved the secret."""
        return self._connected.is_set()

    @property
    def slots(self) -> int:
        """Terminals that the bridge said it has; 0 before its first welcome."""
        return 0 if self._welcome is None else self._welcome.slots

    @property
    def epoch(self) -> int:
        """The present stream's number."""
        return self._epoch

    def server_offset(self, server: str) -> ServerOffset | None:
        """What the bridge last said of a server's clock; None when it said nothing."""
        told = () if self.health is None else self.health.offsets
        name = server.casefold()
        return next((each for each in told if each.server.casefold() == name), None)

    def now(self) -> datetime:
        """The supervisor's clock."""
        return self._clock.now()

    async def open(
        self, credentials: Credentials, *, sticky: bool, deadline_seconds: float
    ) -> BridgeSession:
        """Log in and hold the slot. Raises BrokerError."""
        await self._await_stream(deadline_seconds)
        return await open_session(
            self, self._server_clock, credentials, sticky=sticky, deadline_seconds=deadline_seconds
        )

    async def verify(self, credentials: Credentials, *, deadline_seconds: float) -> BrokerAccount:
        """Log in, check that the password is an investor's, and log out. Raises BrokerError."""
        await self._await_stream(deadline_seconds)
        return await verify_account(
            self, self._server_clock, credentials, deadline_seconds=deadline_seconds
        )

    async def ask(self, body: RequestBody, deadline_seconds: float, epoch: int) -> ResponseBody:
        """Send a request and return its answer; a late answer is dropped."""
        waiter = _Waiter()
        request_id = 0
        try:
            with trio.fail_after(deadline_seconds):
                async with self._place_of(body):
                    request_id = self._post(waiter, body, deadline_seconds, epoch)
                    await waiter.answered.wait()
        except trio.TooSlowError:
            raise BrokerError(BrokerFault.TIMEOUT) from None
        finally:
            self._give_up(request_id)
        if isinstance(waiter.outcome, BrokerError | ProtocolViolation):
            raise waiter.outcome
        assert waiter.outcome is not None  # noqa: S101 - settled before answered
        return waiter.outcome

    def _place_of(self, body: RequestBody) -> trio.Semaphore:
        """A place in flight: slow logins hold up no read, and neither the heartbeat."""
        match body:
            case Open() | Verify():
                return self._logins
            case Health():
                return self._heartbeat
            case _:
                return self._reads

    def _post(self, waiter: _Waiter, body: RequestBody, seconds: float, epoch: int) -> int:
        if not self.is_connected or epoch != self._epoch:
            raise BrokerError(BrokerFault.TERMINAL_DEAD, code=BRIDGE_LOST)
        self._last_request += 1
        frame = encode_request(self._last_request, int(seconds * 1000), body)
        self._waiters[self._last_request] = waiter
        self._outgoing.append(frame)
        self._to_send.set()
        return self._last_request

    def _give_up(self, request_id: int) -> None:
        """Wait no longer for an answer; it may still come once."""
        if self._waiters.pop(request_id, None) is not None:
            self._late.add(request_id)

    async def _await_stream(self, deadline_seconds: float) -> None:
        with trio.move_on_after(min(deadline_seconds, FIRST_STREAM_SECONDS)):
            await self._connected.wait()

    async def _live(self) -> None:
        with trio.fail_after(CONNECT_SECONDS):
            frames = FramedStream(await trio.open_tcp_stream(*self._address))
        try:
            with trio.fail_after(CONNECT_SECONDS):
                await self._shake_hands(frames)
            self._epoch += 1
            self._connected.set()
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._write, frames)
                nursery.start_soon(self._watch, frames)
                await self._read(frames)
                nursery.cancel_scope.cancel()
        finally:
            await frames.abort()

    async def _shake_hands(self, frames: FramedStream) -> None:
        handshake = SupervisorHandshake(self._secret, secrets.token_bytes(NONCE_BYTES))
        await frames.send(handshake.hello())
        await frames.send(handshake.answer(await frames.receive_one()))
        self._welcome = handshake.finish(await frames.receive_one())

    async def _read(self, frames: FramedStream) -> None:
        while batch := await frames.receive():
            for payload in batch:
                self._settle(payload)

    def _settle(self, payload: bytes) -> None:
        head = decode_head(payload)
        waiter = self._waiters.pop(head.request_id, None)
        if waiter is None and head.request_id not in self._late:
            raise ProtocolViolation("an answer to no open question")
        self._late.discard(head.request_id)
        try:
            body = decode_body(head.body)
        except ProtocolViolation as violation:
            if waiter is not None:
                waiter.settle(violation)
            raise
        if waiter is not None:
            waiter.settle(body)
        elif isinstance(body, Opened):  # nobody waits for this login any more: free its slot
            self._give_up(self._post(_Waiter(), Close(body.session_id), 5.0, self._epoch))

    async def _write(self, frames: FramedStream) -> None:
        while True:
            await self._to_send.wait()
            self._to_send = trio.Event()
            batch, self._outgoing = self._outgoing, []
            await frames.send(b"".join(batch))

    async def _watch(self, frames: FramedStream) -> None:
        """Drop a stream on which nothing comes back, not even the heartbeat's answer.

        Also one whose bridge never answers many questions: what is kept of them is bounded.
        """
        while True:
            seen = frames.bytes_received
            try:
                told = await self.ask(Health(), HEARTBEAT_SECONDS, self._epoch)
            except BrokerError:
                if frames.bytes_received == seen:
                    raise trio.BrokenResourceError from None
            else:
                if not isinstance(told, HealthResult):
                    raise ProtocolViolation(f"asked for health, got {type(told).__name__}")
                self.health = told
            await trio.sleep(HEARTBEAT_SECONDS)
            if len(self._late) > MAX_LATE_ANSWERS:
                raise ProtocolViolation("the bridge leaves too many questions unanswered")

    def _lose(self) -> None:
        self._connected = trio.Event()
        self._outgoing.clear()
        self._late.clear()
        waiters, self._waiters = self._waiters, {}
        for waiter in waiters.values():
            waiter.settle(BrokerError(BrokerFault.TERMINAL_DEAD, code=BRIDGE_LOST))
