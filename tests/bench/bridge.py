"""The way to a bridge: syncs that one core reads over one stream, and a worker that is frozen.

The bridge is a process of its own, so that only the client's side is measured. A sync is a
snapshot and the page of deals after it. The reference of the frozen worker is the same reads of
the same accounts just before it was stopped.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import trio

from actors.errors import BrokerError
from actors.mt5.bridge.worker_process import WorkerProcess
from actors.mt5.client import BridgeClient
from actors.mt5.simulator.scenarios import add_account
from actors.ports import Credentials, Session
from tests.bench.bridge_peer import SECRET, cards
from tests.bench.figures import Figure, Goal
from tests.bench.percentile import percentile
from tests.contract.broker_worlds import bridge_world, client_of
from tests.unit.actors.mt5.clocks import HandClock

_SYNCS = 10_000
_AT_ONCE = 50
_READS = 150
_READERS = 3


def figures() -> list[Figure]:
    """Run both; about half a minute."""
    syncs_cpu, syncs_wall = _syncs()
    before, while_frozen = trio.run(_frozen)
    return [
        Figure("syncs read by one core", syncs_cpu, "1/s of CPU", Goal("≥", 1000), 0),
        Figure("syncs read over one stream", syncs_wall, "1/s", None, 0),
        Figure("read beside live workers, p95", before * 1000, "ms"),
        Figure("the same beside a frozen worker, p95", while_frozen * 1000, "ms"),
        Figure("frozen worker: others' p95, times", while_frozen / before, "×", Goal("≤", 1.5)),
    ]


def _syncs() -> tuple[float, float]:
    """Syncs for each second of this process's CPU, and for each second of the wall."""
    command = [sys.executable, "-m", "tests.bench.bridge_peer"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as peer:
        try:
            assert peer.stdout is not None
            return trio.run(_read_all, int(peer.stdout.readline()))
        finally:
            peer.kill()


async def _read_all(port: int) -> tuple[float, float]:
    async with trio.open_nursery() as nursery:
        client = client_of(port, HandClock(), SECRET)
        nursery.start_soon(client.run)
        sessions = await _sessions(client)
        cpu, wall = time.process_time(), time.perf_counter()
        async with trio.open_nursery() as readers:
            for first in range(_AT_ONCE):
                readers.start_soon(_read, sessions[first::_AT_ONCE], _SYNCS // _AT_ONCE)
        used, waited = time.process_time() - cpu, time.perf_counter() - wall
        nursery.cancel_scope.cancel()
    return _SYNCS / used, _SYNCS / waited


async def _sessions(client: BridgeClient) -> list[Session]:
    return [
        await client.open(
            Credentials(card.login, card.server, card.investor_password),
            sticky=True,
            deadline_seconds=30,
        )
        for card in cards()
    ]


async def _read(sessions: list[Session], times: int) -> None:
    for number in range(times):
        session = sessions[number % len(sessions)]
        await session.snapshot()
        await session.deals(0, 0, 100)


async def _frozen() -> tuple[float, float]:
    """The 95th percentile of other accounts' reads in seconds: before, and beside a frozen one."""
    with tempfile.TemporaryDirectory() as folder:
        async with bridge_world(Path(folder), slots=_READERS + 1, read_seconds=60) as world:
            sessions = []
            for _ in range(_READERS + 1):
                card = add_account(world.simulated, "calm")
                who = Credentials(card.login, card.server, card.investor_password)
                sessions.append(await world.session(who))
            hangs, *works = sessions
            before = await _latencies(works)
            worker = world.bridge.backend.sessions.keepers[0]._worker
            assert isinstance(worker, WorkerProcess)
            os.kill(worker.pid, signal.SIGSTOP)
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_wait_for, hangs)
                after = await _latencies(works)
                nursery.cancel_scope.cancel()
            return percentile(before, 0.95), percentile(after, 0.95)


async def _wait_for(session: Session) -> None:
    try:
        await session.snapshot()
    except BrokerError:
        return


async def _latencies(sessions: list[Session]) -> list[float]:
    taken: list[float] = []

    async def read(session: Session) -> None:
        for _ in range(_READS):
            began = time.perf_counter()
            await session.snapshot()
            taken.append(time.perf_counter() - began)

    async with trio.open_nursery() as nursery:
        for session in sessions:
            nursery.start_soon(read, session)
    return taken
