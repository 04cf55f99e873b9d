"""The worlds that the broker contract runs in: the simulated bridge by two doors, and the real
bridge with worker processes on fake terminals."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import trio
from attrs import define

from actors.errors import BrokerFault
from actors.mt5.bridge.keeper import Limits, SlotKeeper
from actors.mt5.bridge.server import BridgeServer
from actors.mt5.bridge.server_times import ServerTimes
from actors.mt5.bridge.service import TerminalBackend
from actors.mt5.bridge.worker_process import ProcessLauncher, worker_command
from actors.mt5.brokers import BrokerTable, ServerEntry
from actors.mt5.client import BridgeClient
from actors.mt5.simulator.broker import SERVERS, SimulatedBroker, simulated_server_clock
from actors.mt5.simulator.door import InProcessBroker
from actors.mt5.simulator.server import SimulatorServer
from actors.mt5.simulator.service import SimulatedBridge
from actors.ports import Broker, Credentials, Session
from tests.fakes.metatrader5.trouble import SHOWN
from tests.fakes.metatrader5.world import FakeHost
from tests.unit.actors.mt5.clocks import HandClock

SECRET = b"s" * 32
SLOTS = 4
BROKERS = BrokerTable(
    "the test's table",
    tuple(ServerEntry(name, server.clock, date.min) for name, server in SERVERS.items()),
)
WORKER_ENVIRONMENT = {"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(sys.path)}


@define
class World:
    """A simulated broker and the door to it.

    ``shown``: the fault classes that can be met here. ``remembered``: those after which the same
    password is not tried again. ``ending``: those after which a session is over.
    """

    clock: HandClock
    simulated: SimulatedBroker
    bridge: Any
    door: Broker
    shown: frozenset[BrokerFault] = frozenset(BrokerFault)
    remembered: frozenset[BrokerFault] = frozenset()
    ending: frozenset[BrokerFault] = frozenset()
    is_simulated: bool = True

    async def session(self, who: Credentials, *, sticky: bool = True) -> Session:
        """A session on an account."""
        return await self.door.open(who, sticky=sticky, deadline_seconds=20)


class BridgeSlots:
    """The bridge's slots, as the simulated bridge tells them."""

    def __init__(self, backend: TerminalBackend) -> None:
        self.backend = backend

    @property
    def slots(self) -> int:
        """How many there are; fewer can be set before the first session."""
        return self.backend.places

    @slots.setter
    def slots(self, count: int) -> None:
        self.backend.sessions.keepers = self.backend.sessions.keepers[:count]

    @property
    def slots_busy(self) -> int:
        """Slots held now."""
        return self.backend.sessions.busy


def client_of(port: int, clock: HandClock, secret: bytes = SECRET) -> BridgeClient:
    """A client of a bridge on this machine."""
    return BridgeClient(
        host="127.0.0.1",
        port=port,
        secret=secret,
        clock=clock,
        server_clock=simulated_server_clock,
        rng=lambda: 0.0,
    )


async def simulated_world(kind: str, nursery: trio.Nursery) -> World:
    """The simulated bridge, in process or over TCP."""
    clock = HandClock()
    simulated = SimulatedBroker(7, clock)
    bridge = SimulatedBridge(simulated)
    if kind == "in_process":
        return World(clock, simulated, bridge, InProcessBroker(bridge, clock))
    client = client_of(await nursery.start(SimulatorServer(bridge, SECRET).serve), clock)
    nursery.start_soon(client.run)
    return World(clock, simulated, bridge, client)


def keepers_in(folder: Path, count: int, limits: Limits) -> list[SlotKeeper]:
    """Slots whose workers reach the fake terminals served in ``folder``."""
    launch = ProcessLauncher(
        worker_command((sys.executable,), "tests.fakes.metatrader5.module"), WORKER_ENVIRONMENT
    )
    return [
        SlotKeeper(number, str(folder / f"{number:02}" / "terminal64.exe"), launch, limits)
        for number in range(1, count + 1)
    ]


@asynccontextmanager
async def bridge_world(
    folder: Path, slots: int = SLOTS, read_seconds: float = 25.0
) -> AsyncIterator[World]:
    """The real bridge over TCP, its worker processes on fake terminals."""
    clock = HandClock()
    host = FakeHost(SimulatedBroker(7, clock))
    limits = Limits(start_seconds=60, login_seconds=30, read_seconds=read_seconds)
    backend = TerminalBackend(
        keepers_in(folder, slots, limits),
        limits,
        ServerTimes(BROKERS, clock, None),
        clock,
        b"k" * 32,
    )
    with host.served_in(folder):
        async with trio.open_nursery() as inner:
            await inner.start(backend.run)
            server = BridgeServer(backend, SECRET)

            async def serve(*, task_status: trio.TaskStatus[int]) -> None:
                await server.serve(host="127.0.0.1", port=0, task_status=task_status)

            client = client_of(await inner.start(serve), clock)
            inner.start_soon(client.run)
            await until_idle(backend)
            yield World(
                clock,
                host.broker,
                BridgeSlots(backend),
                client,
                shown=SHOWN,
                remembered=frozenset({BrokerFault.BAD_CREDENTIALS, BrokerFault.MASTER_PASSWORD}),
                ending=SHOWN
                - {BrokerFault.NO_CONNECTION, BrokerFault.API_DISABLED}
                - {BrokerFault.VERSION_MISMATCH},
                is_simulated=False,
            )
            inner.cancel_scope.cancel()


async def until_idle(backend: TerminalBackend) -> None:
    """Wait until every slot has started."""
    with trio.fail_after(60):
        while any(each.slot.state != "idle" for each in backend.sessions.keepers):
            await trio.sleep(0.01)
