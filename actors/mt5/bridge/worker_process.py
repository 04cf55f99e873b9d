"""A worker process seen from the bridge: one question at a time, and death from outside."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import trio
from attrs import frozen

from actors.mt5.bridge.lines import MAX_LINE_BYTES, decode, encode

_CHUNK_BYTES = 65_536
_REAP_SECONDS = 10.0


class WorkerLate(Exception):
    """The worker did not answer in time: it must be killed."""


class WorkerGone(Exception):
    """The worker ended; ``str()`` is its own word of a bug, where it left one."""


class Worker(Protocol):
    """A slot's process, or what stands for it in a test."""

    async def ask(
        self, operation: str, arguments: Mapping[str, Any], limit_seconds: float
    ) -> dict[str, Any]:
        """Return the answer's document. Raises WorkerLate or WorkerGone."""
        ...

    async def kill(self) -> None:
        """End it, with the terminal that it started; safe to call twice."""
        ...


class Launcher(Protocol):
    """Starts a worker for a slot."""

    async def __call__(self) -> Worker:
        """Return a worker that runs. Raises WorkerGone when it cannot be started."""
        ...


@frozen
class ProcessLauncher:
    """Starts a worker by its command. The environment is given, not inherited."""

    command: tuple[str, ...]
    environment: Mapping[str, str]

    async def __call__(self) -> "WorkerProcess":
        """Start a process of its own session, so that it can be killed with its children."""
        try:
            process = await trio.lowlevel.open_process(
                list(self.command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=dict(self.environment),
                start_new_session=True,
            )
        except OSError as error:
            raise WorkerGone(f"cannot be started: {error.strerror}") from None
        return WorkerProcess(process)


def worker_command(python: Sequence[str], package: str) -> tuple[str, ...]:
    """A worker on a package such as ``MetaTrader5``; ``python``: how its Python is started."""
    return (*python, "-m", "actors.mt5.bridge.worker", package)


class WorkerProcess:
    """Implements Worker on a process's pipes."""

    def __init__(self, process: trio.Process) -> None:
        self._process = process
        self._received = bytearray()
        self._last = 0

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def ask(
        self, operation: str, arguments: Mapping[str, Any], limit_seconds: float
    ) -> dict[str, Any]:
        """Return the answer's document. Raises WorkerLate or WorkerGone.

        Answers to questions whose asker was cancelled are skipped.
        """
        self._last += 1
        request = encode({"id": self._last, "do": operation, "with": dict(arguments)})
        try:
            with trio.fail_after(limit_seconds):
                await self._pipes()[0].send_all(request)
                while True:
                    answer = decode(await self._line())
                    if "bug" in answer:
                        raise WorkerGone(str(answer["bug"]))
                    if answer.get("id") == self._last:
                        return answer
        except trio.TooSlowError:
            raise WorkerLate from None
        except (trio.BrokenResourceError, trio.ClosedResourceError, ValueError):
            raise WorkerGone("its pipe broke") from None

    async def kill(self) -> None:
        """Kill it and what it started, and wait until it is gone."""
        if self._process.returncode is None:
            await _kill_tree(self._process.pid)
        with trio.CancelScope(shield=True, deadline=trio.current_time() + _REAP_SECONDS):
            await self._process.wait()
            for pipe in self._pipes():
                await pipe.aclose()

    def _pipes(self) -> tuple[trio.abc.SendStream, trio.abc.ReceiveStream]:
        if self._process.stdin is None or self._process.stdout is None:
            raise WorkerGone("it has no pipes")
        return self._process.stdin, self._process.stdout

    async def _line(self) -> bytes:
        while (end := self._received.find(b"\n")) < 0:
            chunk = await self._pipes()[1].receive_some(_CHUNK_BYTES)
            if not chunk or len(self._received) > MAX_LINE_BYTES:
                raise WorkerGone("it ended")
            self._received += chunk
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        return line


async def _kill_tree(pid: int) -> None:
    """The worker and the terminal that it started: a group here, a tree on Windows."""
    if sys.platform == "win32":
        command = ["taskkill", "/PID", str(pid), "/T", "/F"]
        await trio.run_process(command, check=False, capture_stdout=True, capture_stderr=True)
        return
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
