"""A child process at work on one export; leaving ends it, whatever it is doing."""

import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
import trio
from attrs import frozen

from actors.domain.export import ExportFault
from supervisor.exporting.child import Errand, Exit, errand_line
from supervisor.settings import database_environment

_log = structlog.get_logger("supervisor.exporting")
# Isolated: neither the folder that we were started in nor PYTHON* settings decide what it imports.
_COMMAND = [sys.executable, "-I", "-m", "supervisor.exporting.child"]
_AT_ONCE = 65_536
_FAULTS = {
    Exit.DATABASE: ExportFault.UNAVAILABLE,
    Exit.NO_SPACE: ExportFault.NO_SPACE,
    Exit.TOO_LARGE: ExportFault.TOO_LARGE,
}


@frozen
class Work:
    """A running child."""

    process: trio.Process

    async def part(self) -> bytes:
        """The next of what it writes; nothing once it has closed its output."""
        assert self.process.stdout is not None  # noqa: S101 - opened as a pipe
        return bytes(await self.process.stdout.receive_some(_AT_ONCE))

    async def progress(self) -> AsyncGenerator[tuple[int, int], None]:
        """Rows done and in all, as it tells them; close it when leaving early."""
        rest = b""
        while part := await self.part():
            *lines, rest = (rest + part).split(b"\n")
            if lines:
                done, total = map(int, lines[-1].split())
                yield done, total

    async def fault(self) -> ExportFault | None:
        """Wait for its end; why it failed, None when it did not."""
        code = await self.process.wait()
        if code == Exit.DONE:
            return None
        known = _FAULTS.get(code)  # type: ignore[call-overload]  # an int that may be no Exit
        assert self.process.stderr is not None  # noqa: S101 - opened as a pipe
        said = bytes(await self.process.stderr.receive_some(_AT_ONCE)).decode("utf-8", "replace")
        _log.warning("export_failed", code=code, said=said[-2000:] if known is None else None)
        return known or ExportFault.INTERNAL


@asynccontextmanager
async def working(errand: Errand) -> AsyncIterator[Work]:
    """Start a child on the errand; it is gone when the block is left."""
    pipe = subprocess.PIPE
    process = await trio.lowlevel.open_process(
        _COMMAND, stdin=pipe, stdout=pipe, stderr=pipe, env=database_environment()
    )
    try:
        assert process.stdin is not None  # noqa: S101 - opened as a pipe
        with suppress(trio.BrokenResourceError):  # it ended at once; its code says why
            await process.stdin.send_all(errand_line(errand))
        yield Work(process)
    finally:
        with trio.CancelScope(shield=True):
            if process.poll() is None:
                process.kill()
            await process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    await stream.aclose()
