"""The in-process door: the simulated bridge as a Broker without sockets, for virtual clocks."""

from datetime import datetime

import trio

from actors.errors import BrokerError, BrokerFault
from actors.mt5.session import BridgeSession, ServerClocks, open_session, verify_account
from actors.mt5.simulator.broker import simulated_server_clock
from actors.mt5.simulator.service import SimulatedBridge
from actors.mt5.wire_answers import ResponseBody, ServerOffset
from actors.mt5.wire_requests import RequestBody
from actors.ports import BrokerAccount, Clock, Credentials


class InProcessBroker:
    """Implements ``actors.ports.Broker`` on a SimulatedBridge; delays pass on trio's clock."""

    def __init__(
        self,
        bridge: SimulatedBridge,
        clock: Clock,
        server_clock: ServerClocks = simulated_server_clock,
    ) -> None:
        self._bridge = bridge
        self._clock = clock
        self._server_clock = server_clock

    async def open(
        self, credentials: Credentials, *, sticky: bool, deadline_seconds: float
    ) -> BridgeSession:
        """Log in and hold the slot. Raises BrokerError."""
        return await open_session(
            self,
            self._server_clock,
            credentials,
            sticky=sticky,
            deadline_seconds=deadline_seconds,
        )

    async def verify(self, credentials: Credentials, *, deadline_seconds: float) -> BrokerAccount:
        """Log in, check that the password is an investor's, and log out. Raises BrokerError."""
        return await verify_account(
            self, self._server_clock, credentials, deadline_seconds=deadline_seconds
        )

    async def ask(self, body: RequestBody, deadline_seconds: float, epoch: int) -> ResponseBody:
        """Answer after the bridge's delay. Raises BrokerError(TIMEOUT) past the deadline."""
        del epoch  # there is no stream that could be lost
        fault = self._bridge.fault_for(body)
        delay = self._bridge.delay_seconds(body, fault)
        await trio.sleep(min(delay, deadline_seconds))
        if delay > deadline_seconds:
            raise BrokerError(BrokerFault.TIMEOUT)
        return self._bridge.answer(body, fault)

    @property
    def epoch(self) -> int:
        """Always the same stream."""
        return 0

    def server_offset(self, server: str) -> ServerOffset | None:
        """What the bridge would say of a server's clock now."""
        return self._bridge.server_offset(server)

    def now(self) -> datetime:
        """The injected clock."""
        return self._clock.now()
