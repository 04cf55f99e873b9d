"""Puts a bridge host together and runs it: slots, backend, stream, health."""

import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

import trio
from attrs import frozen

from actors.mt5.bridge.config import BridgeConfig
from actors.mt5.bridge.health_door import serve_health
from actors.mt5.bridge.keeper import Limits, SlotKeeper
from actors.mt5.bridge.server import BridgeServer
from actors.mt5.bridge.server_times import ServerTimes
from actors.mt5.bridge.service import TerminalBackend
from actors.mt5.bridge.worker_process import Launcher, ProcessLauncher, worker_command
from actors.mt5.brokers import BrokerTable
from actors.ports import Clock

OFFSETS_FILE = "server-offsets.jsonl"


@frozen
class Listening:
    """Where a bridge answers: the stream's port, and the health page's on loopback."""

    port: int
    health_port: int


def backend_of(
    config: BridgeConfig, brokers: BrokerTable, clock: Clock, launch: Launcher
) -> TerminalBackend:
    """The terminals of a host: ``slots_folder/01/terminal64.exe`` and so on."""
    limits = Limits(config.start_seconds, config.login_seconds, config.read_seconds)
    folder = Path(config.slots_folder)
    programs = [folder / f"{number:02}" / config.terminal for number in range(1, config.slots + 1)]
    keepers = [
        SlotKeeper(number, _as_worker_sees(program, config), launch, limits)
        for number, program in enumerate(programs, 1)
    ]
    times = ServerTimes(brokers, clock, Path(config.data_folder) / OFFSETS_FILE)
    return TerminalBackend(keepers, limits, times, clock, secrets.token_bytes(32))


def _as_worker_sees(program: Path, config: BridgeConfig) -> str:
    """A terminal's path: under Wine the machine's folders are on drive Z."""
    if not config.worker_python:
        return str(program)
    return "Z:" + str(program.absolute()).replace("/", "\\")


async def run_bridge(
    config: BridgeConfig,
    brokers: BrokerTable,
    secret: bytes,
    environment: Mapping[str, str],
    clock: Clock,
    *,
    task_status: trio.TaskStatus[Listening] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Run until cancelled; workers end with it."""
    python = config.worker_python or (sys.executable,)
    launch = ProcessLauncher(worker_command(python, config.package), environment)
    backend = backend_of(config, brokers, clock, launch)
    async with trio.open_nursery() as nursery:
        await nursery.start(backend.run)
        health: int = await nursery.start(serve_health, backend, config.health_port)
        server = BridgeServer(backend, secret)

        async def serve(*, task_status: trio.TaskStatus[int]) -> None:
            await server.serve(host=config.host, port=config.port, task_status=task_status)

        port: int = await nursery.start(serve)
        task_status.started(Listening(port, health))
