"""The bridge with real worker processes: one frozen, one killed, and where no password is."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import trio

from actors.errors import BrokerError, BrokerFault
from actors.mt5.bridge.worker_process import WorkerProcess
from actors.mt5.simulator.broker import AccountCard, SimulatedBroker
from actors.mt5.simulator.scenarios import add_account
from actors.ports import Broker, Credentials, Session
from tests.contract.broker_worlds import (
    WORKER_ENVIRONMENT,
    World,
    bridge_world,
    client_of,
    until_idle,
)
from tests.fakes.metatrader5.world import FakeHost
from tests.unit.actors.mt5.clocks import HandClock

ROOT = Path(__file__).resolve().parents[2]
SECRET_FILE = bytes(range(40, 90))
CANARY = "C4nary-Passw0rd-of-a-trader"


def who(card: AccountCard) -> Credentials:
    """The card's credentials."""
    return Credentials(card.login, card.server, card.investor_password)


def pids(world: World) -> list[int]:
    """The workers' process ids, in the slots' order."""
    workers = [keeper._worker for keeper in world.bridge.backend.sessions.keepers]
    return [each.pid for each in workers if isinstance(each, WorkerProcess)]


def is_alive(pid: int) -> bool:
    """True while a process of this id exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_frozen_worker_costs_only_its_slot(tmp_path: Path) -> None:
    """Stopped by a signal it is killed by the watchdog; the other account is read meanwhile."""
    async with bridge_world(tmp_path, slots=2, read_seconds=3.0) as world:
        first, second = (add_account(world.simulated, "calm") for _ in range(2))
        hangs, works = await world.session(who(first)), await world.session(who(second))
        frozen = pids(world)[0]
        os.kill(frozen, signal.SIGSTOP)
        faults: list[BrokerFault] = []

        async def ask() -> None:
            with pytest.raises(BrokerError) as caught:
                await hangs.snapshot()
            faults.append(caught.value.fault)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(ask)
            for _ in range(20):
                assert (await works.snapshot()).currency == "USD"
            assert faults == []
        assert faults == [BrokerFault.TIMEOUT]
        assert not is_alive(frozen)
        await opened(world.door, first)
        assert len(set(pids(world)) - {frozen}) == 2


async def test_a_worker_that_is_killed_costs_only_its_session(tmp_path: Path) -> None:
    """Its account is opened again on another slot, and the slot comes back."""
    async with bridge_world(tmp_path, slots=2) as world:
        card = add_account(world.simulated, "calm")
        session = await world.session(who(card))
        os.kill(pids(world)[0], signal.SIGKILL)
        with pytest.raises(BrokerError) as caught:
            await session.snapshot()
        assert caught.value.fault is BrokerFault.TERMINAL_DEAD
        again = await world.session(who(card))
        assert (await again.snapshot()).currency == "USD"
        await again.close()
        await until_idle(world.bridge.backend)


async def test_a_password_is_nowhere_but_in_memory(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not in a worker's arguments or environment, not on disk, not in a log, nor when it failed."""
    async with bridge_world(tmp_path, slots=2) as world:
        card = add_account(world.simulated, "calm", investor_password=CANARY)
        wrong = Credentials(card.login, card.server, CANARY + "-wrong")
        with pytest.raises(BrokerError):
            await world.session(wrong)
        await (await world.session(who(card))).snapshot()
        told = [repr(world.bridge.backend.health())]
        for pid in pids(world):
            os.kill(pid, 0)
            told += [Path(f"/proc/{pid}/{name}").read_text() for name in ("cmdline", "environ")]
        os.kill(pids(world)[0], signal.SIGKILL)
        with pytest.raises(BrokerError):
            await (await world.session(who(card))).deals(-1, 0, 0)
    told += [path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file()]
    told += [*capfd.readouterr()]
    assert all(CANARY not in text for text in told)


async def opened(client: Broker, card: AccountCard) -> Session:
    """A session as soon as a slot has started."""
    with trio.fail_after(60):
        while True:
            try:
                return await client.open(who(card), sticky=True, deadline_seconds=20)
            except BrokerError as error:
                if error.fault not in (BrokerFault.BUSY, BrokerFault.NO_CONNECTION):
                    raise
            await trio.sleep(0.1)


CONFIG = """
host = "127.0.0.1"
port = 0
health_port = 0
secret_file = "{folder}/bridge.secret"
slots_folder = "{folder}"
brokers_file = "{root}/configs/brokers.toml"
data_folder = "{folder}/data"
slots = 2
package = "tests.fakes.metatrader5.module"
"""


async def test_the_command_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    """From its settings file to an account's snapshot; SIGTERM ends it and its workers."""
    (tmp_path / "bridge.secret").write_bytes(SECRET_FILE)
    config = tmp_path / "bridge.toml"
    config.write_text(CONFIG.format(folder=tmp_path, root=ROOT))
    clock = HandClock()
    host = FakeHost(SimulatedBroker(7, clock))
    with host.served_in(tmp_path):
        command = [sys.executable, "-m", "supervisor", "mt5-bridge", "serve", "--config", config]
        process = await trio.lowlevel.open_process(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=WORKER_ENVIRONMENT,
        )
        assert process.stdout is not None
        async with process.stdout, trio.open_nursery() as nursery:
            with trio.fail_after(60):
                line = ""
                while "\n" not in line:
                    line += (await process.stdout.receive_some()).decode()
            assert "2 slots" in line
            port = int(line.split("127.0.0.1:")[1].split(",")[0])
            health = line.split("health on ")[1].strip()
            client = client_of(port, clock, SECRET_FILE)
            nursery.start_soon(client.run)
            card = add_account(host.broker, "calm", server="Simulated-1")
            session = await opened(client, card)
            assert (await session.snapshot()).currency == "USD"
            async with httpx.AsyncClient() as http:
                answer = (await http.get(health)).json()
            assert answer["busy"] == 1
            tasks = Path(f"/proc/{process.pid}/task").iterdir()
            children = " ".join((each / "children").read_text() for each in tasks).split()
            assert len(children) == 2
            process.send_signal(signal.SIGTERM)
            with trio.fail_after(30):
                assert await process.wait() == 0
            assert not any(is_alive(int(child)) for child in children)
            nursery.cancel_scope.cancel()
