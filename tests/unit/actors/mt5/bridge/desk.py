"""A bridge's backend on fake terminals in this process, driven by trio's virtual clock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import trio
from attrs import define

from actors.mt5.bridge.keeper import Limits, SlotKeeper
from actors.mt5.bridge.server_times import ServerTimes
from actors.mt5.bridge.service import TerminalBackend
from actors.mt5.brokers import BrokerTable, ServerEntry
from actors.mt5.simulator.broker import SERVERS, AccountCard, SimulatedBroker
from actors.mt5.wire_answers import Failed, Opened, ResponseBody
from actors.mt5.wire_requests import Open, RequestBody, Verify
from tests.fakes.metatrader5.package import InlineWorker
from tests.fakes.metatrader5.terminal import FakeTerminal
from tests.unit.actors.mt5.clocks import TrioClock

BROKERS = BrokerTable(
    "the test's table",
    tuple(ServerEntry(name, server.clock, date.min) for name, server in SERVERS.items()),
)


@define
class BridgeDesk:
    """The backend, its terminals, and the broker behind them."""

    backend: TerminalBackend
    terminals: list[FakeTerminal]
    broker: SimulatedBroker

    async def ask(self, body: RequestBody, deadline_seconds: float = 60.0) -> ResponseBody:
        """Ask the backend."""
        return await self.backend.answer(body, deadline_seconds)

    async def open(self, card: AccountCard, password: str | None = None) -> ResponseBody:
        """Open a session."""
        secret = password or card.investor_password
        return await self.ask(Open(card.login, card.server, secret, "sticky"))

    async def session(self, card: AccountCard) -> int:
        """Open a session that must work; its number."""
        opened = await self.open(card)
        assert isinstance(opened, Opened), opened
        return opened.session_id

    async def verify(self, card: AccountCard, password: str | None = None) -> ResponseBody:
        """Verify a password."""
        return await self.ask(Verify(card.login, card.server, password or card.investor_password))

    def states(self) -> list[str]:
        """Each slot's state."""
        return [each.slot.state for each in self.backend.sessions.keepers]

    @property
    def logins(self) -> list[str]:
        """Every login that any terminal was asked for."""
        return [login for terminal in self.terminals for login in terminal.logins]


@asynccontextmanager
async def desk(slots: int = 2, **limits: Any) -> AsyncIterator[BridgeDesk]:
    """A backend whose slots are idle."""
    clock = TrioClock()
    broker = SimulatedBroker(7, clock)
    chosen = Limits(**limits)
    terminals = [FakeTerminal(f"C:/slots/{n}/terminal64.exe", broker) for n in range(slots)]
    keepers = []
    for number, terminal in enumerate(terminals):

        async def launch(terminal: FakeTerminal = terminal) -> InlineWorker:
            return InlineWorker(terminal)

        keepers.append(SlotKeeper(number, terminal.path, launch, chosen))
    times = ServerTimes(BROKERS, clock, None)
    backend = TerminalBackend(keepers, chosen, times, clock, b"k" * 32)
    async with trio.open_nursery() as nursery:
        await nursery.start(backend.run)
        made = BridgeDesk(backend, terminals, broker)
        while set(made.states()) != {"idle"}:
            await trio.sleep(0.1)
        yield made
        nursery.cancel_scope.cancel()


def fault(answer: ResponseBody) -> str:
    """The fault of an answer that must be one."""
    assert isinstance(answer, Failed), answer
    return answer.fault.value
