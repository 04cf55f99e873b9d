"""CSV downloads: streamed from the database while the client reads, so many at a time."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from math import inf
from typing import Protocol, Self

import trio
from attrs import define, field, frozen

from actors.domain.account import Owner
from actors.domain.export import ExportFault, ExportJob
from supervisor.exporting.broken import StreamBroken
from supervisor.exporting.child import Errand
from supervisor.exporting.errands import Errands
from supervisor.exporting.work import working

PER_NODE = 4
PER_OWNER = 2
WAIT_SECONDS = 60.0
"""How long a download waits for a place."""
GRACE_SECONDS = 5.0
"""How long it waits before the slowest reader gives way."""
READER_SECONDS = 20.0
"""How long a client may take over one part."""
SOURCE_SECONDS = 180.0
"""How long the rows' next part may take: longer than the database's own limits."""
FAIR_BYTES_PER_SECOND = 64 * 1024
"""A reader slower than this gives way to one that waits."""
_JUDGED_AFTER_SECONDS = 10.0


class Source(Protocol):
    """Where the bytes come from (``supervisor.exporting.work.Work``)."""

    async def part(self) -> bytes:
        """The next bytes, none at the end."""
        ...

    async def fault(self) -> ExportFault | None:
        """After the end: why it ended early, None when it is whole."""
        ...


Begin = Callable[[Errand], AbstractAsyncContextManager[Source]]


@frozen
class Streams:
    """Streams of one node.

    A reader that takes goes on; one that does not is cut after ``READER_SECONDS``. A download over
    the bounds waits; when every place is taken, the slowest reader below a fair pace gives way.
    """

    errands: Errands
    begin: Begin = working
    node: trio.CapacityLimiter = field(factory=lambda: trio.CapacityLimiter(PER_NODE))
    owners: dict[Owner, trio.CapacityLimiter] = field(factory=dict)
    readers: list["_Reader"] = field(factory=list)

    @asynccontextmanager
    async def open(self, owner: Owner, job: ExportJob) -> AsyncIterator[AsyncIterator[bytes]]:
        """The file's bytes. Raises StreamBroken and trio.TooSlowError, also between two parts."""
        async with self._place(owner):
            with trio.CancelScope(deadline=trio.current_time() + SOURCE_SECONDS) as scope:
                async with self.begin(self.errands.streaming(job)) as source:
                    reader = _Reader(source, scope)
                    self.readers.append(reader)
                    try:
                        yield reader
                    finally:
                        self.readers.remove(reader)
            if scope.cancelled_caught:
                raise StreamBroken("too slow")

    @asynccontextmanager
    async def _place(self, owner: Owner) -> AsyncIterator[None]:
        own = self.owners.setdefault(owner, trio.CapacityLimiter(PER_OWNER))
        try:
            with trio.fail_after(WAIT_SECONDS) as waiting:
                async with own:
                    await self._enter()
                    waiting.deadline = inf
                    try:
                        yield
                    finally:
                        self.node.release()
        finally:
            seen = own.statistics()
            if not seen.borrowed_tokens and not seen.tasks_waiting:
                self.owners.pop(owner, None)

    async def _enter(self) -> None:
        while True:
            with trio.move_on_after(GRACE_SECONDS):
                await self.node.acquire()
                return
            self._cut_slowest()

    def _cut_slowest(self) -> None:
        slowest = min(self.readers, key=_Reader.pace, default=None)
        if slowest is not None and slowest.pace() < FAIR_BYTES_PER_SECOND:
            slowest.scope.cancel()


@define(eq=False)
class _Reader:
    """A source, which is only whole when it ended well, and how fast its client takes it."""

    source: Source
    scope: trio.CancelScope
    _taken_bytes: int = 0
    _taking_seconds: float = 0.0
    _given_bytes: int = 0
    _given_at: float | None = None

    def pace(self) -> float:
        """Bytes per second of the client's own time; infinite until that can be judged."""
        given_at = self._given_at
        taking = 0.0 if given_at is None else trio.current_time() - given_at
        seconds = self._taking_seconds + taking
        return inf if seconds < _JUDGED_AFTER_SECONDS else self._taken_bytes / seconds

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        now = trio.current_time()
        if self._given_at is not None:
            self._taking_seconds += now - self._given_at
            self._taken_bytes += self._given_bytes
            self._given_at = None
        self.scope.deadline = now + SOURCE_SECONDS
        part = await self.source.part()
        if part:
            self._given_at, self._given_bytes = trio.current_time(), len(part)
            self.scope.deadline = self._given_at + READER_SECONDS
            return part
        fault = await self.source.fault()
        if fault is not None:
            raise StreamBroken(fault.value)
        raise StopAsyncIteration
