"""Group commit: the units of many actors, written together every few milliseconds.

One flusher; each actor waits for its own unit's outcome before it publishes.
"""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import trio
from attrs import define, field, frozen

from actors.ports import StoreUnavailable
from storage.postgres import Database
from storage.sync_unit import Unit, write_units


@define(eq=False)
class _Waiting:
    unit: Unit
    done: trio.Event = field(factory=trio.Event)
    error: Exception | None = None

    def settle(self, error: Exception | None) -> None:
        self.error = error
        self.done.set()


@frozen
class BatchCounts:
    """Since start: batches committed, units in them, units refused, and those waiting now."""

    batches: int
    units: int
    refused: int
    waiting: int


class Batcher:
    """Collects units for ``flush_seconds`` or until ``most`` are there, and commits them at once.

    ``queue`` units may wait, further callers are held back. A caller waits at most
    ``wait_seconds``. Give it a Database of its own (one worker), so that slow readers never
    stand before a commit.
    """

    def __init__(
        self,
        database: Database,
        *,
        flush_seconds: float = 0.02,
        most: int = 500,
        queue: int = 4096,
        wait_seconds: float = 15.0,
    ) -> None:
        self._database = database
        self._flush_seconds = flush_seconds
        self._most = most
        self._wait_seconds = wait_seconds
        self._send, self._receive = trio.open_memory_channel[_Waiting](queue)
        self._held: list[_Waiting] = []
        self._stopped = trio.Event()
        self._batches = self._units = self._refused = 0

    @property
    def counts(self) -> BatchCounts:
        """Figures for the metrics."""
        waiting = self._send.statistics().current_buffer_used + len(self._held)
        return BatchCounts(self._batches, self._units, self._refused, waiting)

    async def submit(self, unit: Unit) -> None:
        """Return once the unit is committed.

        Raises Fenced or StaleSync for a refused unit, and StoreUnavailable when the outcome is
        unknown: then submit the same unit again. A cancelled caller's unit may still land.
        """
        waiting = _Waiting(unit)
        with trio.move_on_after(self._wait_seconds):
            try:
                await self._send.send(waiting)
            except (trio.ClosedResourceError, trio.BrokenResourceError):
                raise StoreUnavailable("the batcher is stopping") from None
            await waiting.done.wait()
        if not waiting.done.is_set():
            raise StoreUnavailable("no commit in time")
        if waiting.error is not None:
            raise waiting.error

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Flush until ``drain`` or cancellation; what still waits then gets StoreUnavailable."""
        task_status.started()
        try:
            while batch := await self._collect():
                await self._flush(batch)
        finally:
            self._refuse_waiting()
            self._stopped.set()

    async def drain(self) -> None:
        """Take no more units, write those that wait, and return when ``run`` has ended."""
        self._send.close()
        await self._stopped.wait()

    async def _collect(self) -> list[_Waiting]:
        """The next batch, no two of one life; empty when drained.

        ``_held`` owns every unit taken from the channel until its batch is complete, so that a
        cancellation in between leaves none unanswered.
        """
        try:
            if not self._held:
                self._held.append(await self._receive.receive())
            with trio.move_on_after(self._flush_seconds):
                while len(self._held) < self._most:
                    self._held.append(await self._receive.receive())
        except trio.EndOfChannel:
            pass  # drained: what is held is the last
        first: dict[UUID, _Waiting] = {}
        for waiting in self._held:
            first.setdefault(waiting.unit.instance.life_id, waiting)
        return list(first.values())

    async def _flush(self, batch: Sequence[_Waiting]) -> None:
        outcomes = await self._write(batch)
        self._batches += 1
        self._units += len(batch)
        for waiting, error in zip(batch, outcomes, strict=True):
            self._refused += error is not None
            self._held.remove(waiting)
            waiting.settle(error)

    async def _write(self, batch: Sequence[_Waiting]) -> list[Exception | None]:
        """One outcome per unit. A unit that the database cannot take fails alone."""
        units = [waiting.unit for waiting in batch]
        try:
            return [*await self._database.execute(lambda line: write_units(line, units))]
        except StoreUnavailable as outage:
            return [StoreUnavailable(str(outage)) for _ in batch]
        except Exception as error:  # noqa: BLE001  (told to the unit's own waiter)
            if len(batch) == 1:
                return [error]
        return [outcome for waiting in batch for outcome in await self._write([waiting])]

    def _refuse_waiting(self) -> None:
        with suppress(trio.WouldBlock, trio.EndOfChannel):
            while True:
                self._held.append(self._receive.receive_nowait())
        self._receive.close()
        for waiting in self._held:
            waiting.settle(StoreUnavailable("the batcher stopped"))
