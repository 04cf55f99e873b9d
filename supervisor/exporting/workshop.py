"""The workshop: makes ordered files one after the other, two at a time, and cleans up.

A process that ends leaves its open exports as interrupted: at once when it is stopped in order,
at the next start or after a minute's silence otherwise.
"""

import errno
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, suppress
from typing import Protocol
from uuid import UUID

import structlog
import trio

from actors.domain.export import ExportFault, ExportJob
from actors.ports import Clock, StoreUnavailable
from storage.exports import Exports
from supervisor.exporting.child import Errand
from supervisor.exporting.errands import Errands
from supervisor.exporting.folder import ExportFolder
from supervisor.exporting.work import working

_log = structlog.get_logger("supervisor.exporting")
_WORKERS = 2
_WAITING = 32
SILENCE_SECONDS = 600.0
"""How long a child may say nothing: packing a workbook tells no progress."""
_TELL_SECONDS = 1.0
_CARE_SECONDS = 10.0
_RETRIES = 60


class Labour(Protocol):
    """A child at work on a file (``supervisor.exporting.work.Work``)."""

    def progress(self) -> AsyncGenerator[tuple[int, int], None]:
        """Rows done and in all, as it tells them."""
        ...

    async def fault(self) -> ExportFault | None:
        """Wait for its end; why it failed."""
        ...


Begin = Callable[[Errand], AbstractAsyncContextManager[Labour]]


class Workshop:
    """Takes queued exports and makes their files."""

    def __init__(
        self,
        rows: Exports,
        folder: ExportFolder,
        errands: Errands,
        clock: Clock,
        begin: Begin = working,
    ) -> None:
        self.folder, self._begin = folder, begin
        self._rows, self._errands, self._clock = rows, errands, clock
        self._send, self._receive = trio.open_memory_channel[ExportJob](_WAITING)
        self._open: dict[UUID, trio.Event] = {}

    @property
    def is_full(self) -> bool:
        """True when nothing more should be ordered for now."""
        return self._send.statistics().current_buffer_used >= _WAITING // 2

    def take(self, job: ExportJob) -> None:
        """Queue it. One that finds no place is never begun and counts as interrupted."""
        try:
            self._send.send_nowait(job)
        except trio.WouldBlock:
            _log.warning("export_queue_full")
        else:
            self._open[job.export_id] = trio.Event()

    async def ended(self, export_id: UUID) -> None:
        """Wait until this node has nothing more to do for it."""
        event = self._open.get(export_id)
        if event is not None:
            await event.wait()

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Work until cancelled. Raises StoreUnavailable when storage is away at the start."""
        await self._rows.interrupted()
        async with trio.open_nursery() as nursery:
            for _ in range(_WORKERS):
                nursery.start_soon(self._work)
            nursery.start_soon(self._care)
            task_status.started()

    async def drain(self) -> None:
        """Tell that what is open here will not be finished.

        Without storage nobody can be told; a minute without a beat then says the same.
        """
        with suppress(StoreUnavailable):
            await self._rows.interrupted()

    async def _work(self) -> None:
        while True:
            job = await self._receive.receive()
            try:
                await self._finish(job)
            finally:
                self._open.pop(job.export_id).set()

    async def _finish(self, job: ExportJob) -> None:
        """Make the file and store how that ended, for as long as a minute."""
        fault, rows, size = await self._attempt(job)
        for _ in range(_RETRIES):
            try:
                if fault is None:
                    await self._rows.done(job.export_id, rows, size, self._clock.now())
                else:
                    await self._rows.failed(job.export_id, fault)
            except StoreUnavailable:
                await trio.sleep(_TELL_SECONDS)
            else:
                return
        _log.warning("export_end_untold")

    async def _attempt(self, job: ExportJob) -> tuple[ExportFault | None, int, int]:
        """How it failed, the rows and the bytes written; nothing is left of a failed one."""
        rows = size = 0
        try:
            fault, rows = await self._make(job)
            if fault is None:
                size = await trio.to_thread.run_sync(self.folder.complete, job.export_id)
        except OSError as error:
            _log.warning("export_disk", errno=error.errno)
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            fault = ExportFault.NO_SPACE if full else ExportFault.INTERNAL
        if fault is not None:
            await trio.to_thread.run_sync(self.folder.discard, job.export_id)
        return fault, rows, size

    async def _make(self, job: ExportJob) -> tuple[ExportFault | None, int]:
        """How it failed, and the rows written. Raises OSError."""
        folder, export_id = self.folder, job.export_id
        if not await trio.to_thread.run_sync(folder.prepare, export_id, job.rows_total):
            return ExportFault.NO_SPACE, 0
        errand = self._errands.file(job, folder.part(export_id), folder.parts(export_id))
        done = 0
        with trio.move_on_after(SILENCE_SECONDS) as limit:
            async with self._begin(errand) as work, aclosing(work.progress()) as progress:
                told_at = -_TELL_SECONDS
                async for done, total in progress:
                    limit.deadline = trio.current_time() + SILENCE_SECONDS
                    if self._clock.monotonic() - told_at >= _TELL_SECONDS:
                        told_at = self._clock.monotonic()
                        await self._tell(export_id, done, total)
                return await work.fault(), done
        assert limit.cancelled_caught  # noqa: S101 - the block above returns
        return ExportFault.DEADLINE, done

    async def _tell(self, export_id: UUID, done: int, total: int) -> None:
        try:
            await self._rows.progress(export_id, done, total, self._clock.now())
        except StoreUnavailable:
            _log.info("export_progress_untold")

    async def _care(self) -> None:
        """Beat for what is open, delete what has expired."""
        while True:
            try:
                await self._rows.beat(list(self._open), self._clock.now())
                await self._sweep()
            except StoreUnavailable:
                _log.info("export_care_put_off")
            await trio.sleep(_CARE_SECONDS)

    async def _sweep(self) -> None:
        here = await trio.to_thread.run_sync(self.folder.exports)
        if here:
            living = await self._rows.living(here, self._clock.now())
            gone = here - living - self._open.keys()
            await trio.to_thread.run_sync(self.folder.sweep, gone)
