"""CSV downloads: streamed from the database while the client reads, so many at a time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

import trio
from attrs import field, frozen

from actors.domain.account import Owner
from actors.domain.export import ExportJob
from supervisor.exporting.errands import Errands
from supervisor.exporting.work import Work, working

_PER_NODE = 4
_PER_OWNER = 2
_DEADLINE_SECONDS = 600.0


class StreamBroken(Exception):
    """The rows ended early; the client must not take what it has for the whole."""


@frozen
class Streams:
    """Streams of one node. One over the bounds waits, within its own deadline."""

    errands: Errands
    node: trio.CapacityLimiter = field(factory=lambda: trio.CapacityLimiter(_PER_NODE))
    owners: dict[Owner, trio.CapacityLimiter] = field(factory=dict)

    @asynccontextmanager
    async def open(self, owner: Owner, job: ExportJob) -> AsyncIterator[AsyncIterator[bytes]]:
        """The file's bytes. Raises StreamBroken and trio.TooSlowError, also between two parts."""
        own = self.owners.setdefault(owner, trio.CapacityLimiter(_PER_OWNER))
        try:
            with trio.fail_after(_DEADLINE_SECONDS):
                async with own, self.node, working(self.errands.streaming(job)) as work:
                    yield _Parts(work)
        finally:
            seen = own.statistics()
            if not seen.borrowed_tokens and not seen.tasks_waiting:
                self.owners.pop(owner, None)


@frozen
class _Parts:
    """A child's output, which is only whole when the child ended well."""

    work: Work

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        part = await self.work.part()
        if part:
            return part
        fault = await self.work.fault()
        if fault is not None:
            raise StreamBroken(fault.value)
        raise StopAsyncIteration
