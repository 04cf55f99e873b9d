"""A whole installation for one test: database, simulated broker, settings, a server process.

The broker runs in the test's own loop and speaks the real protocol over TCP, so that it outlives
the server when that is killed. ``shared_stage`` gives one running installation to many tests.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from types import TracebackType
from typing import IO, Self, TypeVar

import httpx
import trio

from actors.clock import SystemClock
from actors.mt5.simulator.broker import SimulatedBroker
from actors.mt5.simulator.server import SimulatorServer
from actors.mt5.simulator.service import SimulatedBridge
from supervisor.commands.keys import make_keys
from tests.signed_client import Shop

ROOT = Path(__file__).resolve().parents[1]
T = TypeVar("T")


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stage:
    """Use as ``async with Stage(folder, dsn) as stage``; then ``start`` the server.

    With ``trusted_proxies`` a test may speak for many addresses, each with limits of its own.
    ``bridge`` makes another bridge in front of the broker, one that watches or disturbs.
    """

    def __init__(
        self,
        folder: Path,
        dsn: str,
        seed: int = 7,
        *,
        trusted_proxies: int = 0,
        lease_seconds: float = 3.0,
        cors_origins: tuple[str, ...] = (),
        bridge: Callable[[SimulatedBroker], SimulatedBridge] = SimulatedBridge,
    ) -> None:
        self.folder = folder
        self.dsn = dsn
        self.trusted_proxies = trusted_proxies
        self.broker = SimulatedBroker(seed, SystemClock())
        self.bridge = bridge(self.broker)
        self._lease_seconds = lease_seconds
        self._cors_origins = cors_origins
        self._nursery_manager = trio.open_nursery()
        self._beside: list[Stage] = []
        self._name("node-1")

    def _name(self, node: str) -> None:
        """Be this node, which does not run yet, with addresses and a log of its own."""
        self.node = node
        self.port = free_port()
        self.admin_port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None

    async def __aenter__(self) -> Self:
        make_keys(self.folder / "keys")
        nursery = await self._nursery_manager.__aenter__()
        self._nursery = nursery
        server = SimulatorServer(self.bridge, self.key("bridge"))
        self._bridge_port = await nursery.start(server.serve)
        self._furnish()
        return self

    def _furnish(self) -> None:
        self._write_settings(self._bridge_port)
        self._log = self._log_file.open("ab")
        self.shop = Shop(self.url, "primary", self.key("s2s-primary"))
        self.ops = Shop(self.url, "ops", self.key("s2s-ops"))

    @property
    def _log_file(self) -> Path:
        return self.folder / ("server.log" if self.node == "node-1" else f"{self.node}.log")

    def beside(self, node: str) -> "Stage":
        """Another node on the same database, keys and bridge; it ends with this one."""
        other = copy(self)
        other._name(node)
        other._furnish()
        self._beside.append(other)
        return other

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for node in (self, *self._beside):
            node.kill()
            if node._log is not None:
                node._log.close()
            with trio.CancelScope(shield=True):
                await node.shop.close()
                await node.ops.close()
        self._nursery.cancel_scope.cancel()
        await self._nursery_manager.__aexit__(kind, error, trace)

    def key(self, name: str) -> bytes:
        """A key's bytes."""
        return (self.folder / "keys" / f"{name}.key").read_bytes()

    def log_text(self) -> str:
        """All that the server processes wrote so far."""
        return self._log_file.read_text("utf-8", "replace")

    def start(self, failpoint: str | None = None) -> None:
        """Start a server process; with a failpoint it kills itself there (``step:count``)."""
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": self.dsn,
            "PYTHONPATH": str(ROOT),
        } | ({"ONEFUNDERS_FAILPOINT": failpoint} if failpoint else {})
        self.process = subprocess.Popen(
            [sys.executable, "-m", "supervisor", "serve", "--config", str(self.settings)],
            cwd=ROOT,
            env=environment,
            stdout=self._log,
            stderr=self._log,
        )

    async def ready(self, seconds: float = 40.0) -> None:
        """Wait until the server answers its health check."""
        with trio.fail_after(seconds):
            while not await self._answers():
                self._check_alive()
                await trio.sleep(0.1)

    async def died(self, seconds: float = 40.0) -> int:
        """Wait until the process has ended, and return its code (negative: the signal).

        RuntimeError with the end of its log when it does not end in time.
        """
        process = self._running()
        with trio.move_on_after(seconds):
            while process.poll() is None:
                await trio.sleep(0.05)
        if process.returncode is None:
            raise RuntimeError(f"the server runs after {seconds} s:\n{self.log_text()[-4000:]}")
        return int(process.returncode)

    @property
    def pid(self) -> int:
        """The server process's id. RuntimeError before ``start``."""
        return self._running().pid

    def kill(self) -> None:
        """kill -9, if it still runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    async def terminate(self, seconds: float = 10.0) -> int:
        """SIGTERM, and wait at most ``seconds`` for the end."""
        self._running().send_signal(signal.SIGTERM)
        return await self.died(seconds)

    def _running(self) -> "subprocess.Popen[bytes]":
        if self.process is None:
            raise RuntimeError("the server was not started")
        return self.process

    def _check_alive(self) -> None:
        if self._running().poll() is not None:
            raise RuntimeError(f"the server ended:\n{self.log_text()[-4000:]}")

    async def _answers(self) -> bool:
        try:
            answer = await self.shop.http.get(f"{self.url}/api/health")
        except httpx.TransportError:
            return False
        return answer.status_code == 200

    def _write_settings(self, bridge_port: int) -> None:
        keys = self.folder / "keys"
        self.settings = self.folder / f"{self.node}.toml"
        self.settings.write_text(
            f"""
[server]
host = "127.0.0.1"
port = {self.port}
admin_port = {self.admin_port}
origins = ["{self.url}"]
cors_origins = {list(self._cors_origins)}
trusted_proxies = {self.trusted_proxies}
[node]
id = "{self.node}"
data_folder = "{self.folder / "data"}"
lease_seconds = {self._lease_seconds}
[sync]
bridge_logins_per_second = 10000
server_logins_per_second = 10000
[auth]
token_key = "t1"
[auth.tokens.t1]
secret_file = "{keys}/token-1.key"
[auth.sites.primary]
site_id = "shop"
scopes = ["connect", "exchange", "admin"]
secret_file = "{keys}/s2s-primary.key"
[auth.sites.ops]
site_id = "shop"
scopes = ["ops"]
secret_file = "{keys}/s2s-ops.key"
[vault]
key = "v1"
[vault.keys.v1]
secret_file = "{keys}/vault-1.key"
[vault.pepper]
secret_file = "{keys}/pepper.key"
[evidence]
secret_file = "{keys}/evidence.key"
[[bridges]]
host = "127.0.0.1"
port = {bridge_port}
secret_file = "{keys}/bridge.key"
"""
        )


class SharedStage:
    """A stage whose loop runs in a thread of its own, so that tests with loops of theirs share it.

    ``at_broker`` runs a function in the broker's loop.
    """

    def __init__(self, stage: Stage, token: trio.lowlevel.TrioToken) -> None:
        self.stage = stage
        self._token = token

    async def at_broker(self, work: Callable[[SimulatedBroker], T]) -> T:
        """Do something to the simulated broker, in its own loop."""
        return await trio.to_thread.run_sync(self.do_at_broker, work)

    def do_at_broker(self, work: Callable[[SimulatedBroker], T]) -> T:
        """Do the same from a thread without a loop."""
        return trio.from_thread.run_sync(work, self.stage.broker, trio_token=self._token)

    def end(self, stop: trio.Event) -> None:
        """Let the stage's loop end; from a thread without one."""
        trio.from_thread.run_sync(stop.set, trio_token=self._token)

    def shop(self, name: str = "s2s-primary", key_id: str = "primary") -> Shop:
        """A caller with connections of its own; close it in the loop that used it."""
        return Shop(self.stage.url, key_id, self.stage.key(name))


@contextmanager
def shared_stage(
    folder: Path, dsn: str, cors_origins: tuple[str, ...] = ()
) -> Iterator[SharedStage]:
    """A running server for many tests; every address that they name has limits of its own."""
    shared: list[SharedStage] = []
    faults: list[BaseException] = []
    ready = threading.Event()
    stop = trio.Event()

    async def live() -> None:
        async with Stage(folder, dsn, trusted_proxies=1, cors_origins=cors_origins) as stage:
            stage.start()
            await stage.ready()
            shared.append(SharedStage(stage, trio.lowlevel.current_trio_token()))
            ready.set()
            await stop.wait()

    def run() -> None:
        try:
            trio.run(live)
        except BaseException as error:  # noqa: BLE001 - raised again in the test's thread
            faults.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=run, name="stage")
    thread.start()
    ready.wait()
    try:
        if not faults:
            yield shared[0]
    finally:
        if shared and thread.is_alive():
            trio.from_thread.run_sync(stop.set, trio_token=shared[0]._token)
        thread.join()
    if faults:
        raise faults[0]
