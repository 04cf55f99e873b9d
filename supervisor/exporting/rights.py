"""The right to a download, which may end while it is under way."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol, Self

from attrs import frozen

from actors.domain.account import Owner
from actors.ports import Clock
from storage.export_tickets import Opened
from supervisor.exporting.broken import StreamBroken


class Epochs(Protocol):
    """Who can tell whether a user's tokens were ended."""

    async def epoch_for_reading(self, owner: Owner) -> int:
        """The user's epoch, at most 4 s old while storage answers. Raises StoreUnavailable."""
        ...


@frozen
class Right:
    """Holds until the user's tokens are ended (CONTRACT 1: within 5 s) or the export expires."""

    users: Epochs
    clock: Clock
    opened: Opened

    async def check(self) -> None:
        """Raises StreamBroken when it no longer holds, StoreUnavailable when nobody can tell."""
        if await self.users.epoch_for_reading(self.opened.owner) != self.opened.epoch:
            raise StreamBroken("revoked")
        if self.clock.now() >= self.opened.job.expires_at:
            raise StreamBroken("expired")

    @asynccontextmanager
    async def kept(
        self, body: AbstractAsyncContextManager[AsyncIterator[bytes]]
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """The body, each part of which is given only while the right holds."""
        async with body as parts:
            yield _Kept(self, parts)


@frozen
class _Kept:
    right: Right
    parts: AsyncIterator[bytes]

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        part = await anext(self.parts)
        await self.right.check()
        return part
