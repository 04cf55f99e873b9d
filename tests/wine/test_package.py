"""The real MetaTrader5 package without a terminal: what it is, what it says, that it can be killed.

Run by ``make test-wine``; skipped elsewhere.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from actors.mt5.bridge.worker_process import (
    ProcessLauncher,
    WorkerGone,
    WorkerLate,
    WorkerProcess,
    worker_command,
)
from tests.fakes.metatrader5.structs import RECORDED
from tests.wine.__main__ import ENVIRONMENT, PYTHON, ROOT

pytestmark = [
    pytest.mark.wine,
    pytest.mark.skipif(
        shutil.which("wine") is None or not PYTHON.exists(),
        reason="needs Wine and a Windows Python: make test-wine",
    ),
]
WORKER = worker_command(("wine", str(PYTHON)), "MetaTrader5")
NOWHERE = "C:\\nowhere\\terminal64.exe"
NO_TERMINAL = "C:\\windows\\system32\\notepad.exe"


def run_in_wine(*arguments: str) -> str:
    """Run Windows Python; every handle is a pipe, since others end it at its start."""
    run = subprocess.run(
        ["wine", str(PYTHON), *arguments],
        input=b"", capture_output=True, env=ENVIRONMENT, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr.decode(errors="replace")
    return run.stdout.decode().replace("\r\n", "\n")


async def worker() -> WorkerProcess:
    """A worker on the real package."""
    return await ProcessLauncher(WORKER, ENVIRONMENT)()


def test_the_package_is_what_was_recorded() -> None:
    """Constants, signatures and struct fields: the fake is held to exactly these."""
    told = json.loads(run_in_wine(str(Path(ROOT, "tests", "wine", "record.py"))))
    assert told == RECORDED


async def test_a_worker_tells_the_packages_own_errors() -> None:
    """Without a terminal: a path that does not exist, then no connection for every read."""
    process = await worker()
    try:
        start = await process.ask("start", {"path": NOWHERE, "timeout_ms": 2000}, 60)
        assert start["failed"]["code"] == -10003
        assert "Process create failed" in start["failed"]["text"]
        lease: dict[str, Any] = {"login": 1, "server": "X"}
        for operation, more in (
            ("look", {}),
            ("snapshot", {}),
            ("deals", {"since": 0, "until": 2**31}),
            ("log_in", {"password": "x", "timeout_ms": 1000}),
        ):
            answer = await process.ask(operation, lease | more, 60)
            assert (answer["failed"]["code"], answer["failed"]["text"]) == (
                -10004,
                "No IPC connection",
            )
    finally:
        await process.kill()


async def test_the_watchdog_ends_a_call_that_blocks() -> None:
    """A program that is no terminal never opens its pipe: the call blocks until it is killed."""
    process = await worker()
    try:
        await process.ask("start", {"path": NOWHERE, "timeout_ms": 2000}, 60)
        with pytest.raises(WorkerLate):
            await process.ask("start", {"path": NO_TERMINAL, "timeout_ms": 600_000}, 5)
    finally:
        await process.kill()
    with pytest.raises(WorkerGone):
        await process.ask("look", {"login": 1, "server": "X"}, 5)
