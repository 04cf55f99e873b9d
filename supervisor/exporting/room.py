"""The room where exports are ordered and downloaded; implements ``web.export_port.Exports``."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Any, Protocol, Self, TypeVar
from uuid import UUID

import trio
from attrs import frozen

from actors.domain.account import Owner
from actors.domain.export import ExportJob, ExportOrder, ExportState
from actors.ports import Clock
from storage.claims import Mismatch
from storage.export_tickets import ExportTickets
from storage.exports import Exports, TooManyOpen
from supervisor.exporting.columns import TITLES
from supervisor.exporting.rights import Epochs, Right
from supervisor.exporting.streams import Streams
from supervisor.exporting.workshop import Workshop
from supervisor.reading import asked, readable
from web.export_port import Download, ExportRefusal, Ticket
from web.ports import Principal, Unavailable

T = TypeVar("T")
_PATIENCE_SECONDS = 2.0
_TICKET = timedelta(seconds=60)
_AT_ONCE = 65_536


class CarryOut(Protocol):
    """Runs a job to its end, also when its caller hangs up (``Desk.carry_out``)."""

    async def __call__(self, job: Callable[[], Awaitable[T]]) -> T:
        """Return what the job returns."""
        ...


@frozen
class ExportRoom:
    """Exports of trades and deals."""

    rows: Exports
    tickets: ExportTickets
    workshop: Workshop
    streams: Streams
    users: Epochs
    carry_out: CarryOut
    clock: Clock

    async def order(
        self, who: Principal, account_id: UUID, order: ExportOrder, *, key: str, digest: bytes
    ) -> ExportJob | ExportRefusal | None:
        """Order one; a file that is finished within two seconds is told as done."""
        if not readable(who, account_id):
            return None
        if self.workshop.is_full:
            return ExportRefusal.BUSY

        async def job() -> ExportJob | ExportRefusal | None:
            return await self._order(who.owner, account_id, order, key, digest)

        ordered = await asked(self.carry_out(job))
        if not isinstance(ordered, ExportJob) or ordered.state is not ExportState.QUEUED:
            return ordered
        with trio.move_on_after(_PATIENCE_SECONDS):
            await self.workshop.ended(ordered.export_id)
        return await self.look(who, account_id, ordered.export_id)

    async def _order(
        self, owner: Owner, account_id: UUID, order: ExportOrder, key: str, digest: bytes
    ) -> ExportJob | ExportRefusal | None:
        now = self.clock.now()
        found = await self.rows.order(owner, account_id, order, key=key, digest=digest, now=now)
        match found:
            case None:
                return None
            case Mismatch():
                return ExportRefusal.MISMATCH
            case TooManyOpen():
                return ExportRefusal.TOO_MANY
        if found.is_new and found.job.state is ExportState.QUEUED:
            self.workshop.take(found.job)
        return found.job

    async def look(self, who: Principal, account_id: UUID, export_id: UUID) -> ExportJob | None:
        """How far it is."""
        if not readable(who, account_id):
            return None
        return await asked(self.rows.one(who.owner, account_id, export_id, self.clock.now()))

    async def ticket(self, who: Principal, account_id: UUID, export_id: UUID) -> Ticket | None:
        """A ticket for one download, good for 60 seconds."""
        job = await self.look(who, account_id, export_id)
        if job is None:
            return None
        expires_at = self.clock.now() + _TICKET
        if job.state is not ExportState.DONE:
            return Ticket(None, expires_at)
        issued = self.tickets.issue(export_id, who.epoch, expires_at)
        return Ticket(await asked(issued), expires_at)

    async def redeem(self, ticket: str) -> Download | None:
        """The download, once. Raises Unavailable when the file lies with another node.

        The ticket is then as good as before, for that node.
        """
        found = await asked(self.tickets.look(ticket, self.clock.now()))
        if found is None or found.job.state is not ExportState.DONE:
            return None
        job, right = found.job, Right(self.users, self.clock, found)
        title = TITLES[job.order.what, job.order.language]
        file = trio.Path(self.workshop.folder.file(job.export_id))
        if not job.streams and not await file.is_file():
            raise Unavailable("the file lies with another node")
        if not await asked(self.tickets.use(ticket, self.clock.now())):
            return None

        def open_() -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
            return right.kept(self.streams.open(found.owner, job) if job.streams else _read(file))

        return Download(job, title, job.size_bytes, open_)


@asynccontextmanager
async def _read(file: trio.Path) -> AsyncIterator[AsyncIterator[bytes]]:
    async with await file.open("rb") as stream:
        yield _FileParts(stream)


@frozen
class _FileParts:
    """A file, part by part."""

    stream: Any

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        part: bytes = await self.stream.read(_AT_ONCE)
        if not part:
            raise StopAsyncIteration
        return part
