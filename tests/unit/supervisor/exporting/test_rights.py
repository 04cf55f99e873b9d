"""A download goes on only while its right holds."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Self

import pytest
import trio
import trio.testing
from attrs import define

from actors.clock import TrioClock
from actors.domain.account import Owner
from storage.export_tickets import Opened
from supervisor.exporting.broken import StreamBroken
from supervisor.exporting.rights import Right
from tests.unit.supervisor.exporting.makers import JOB, NOW


@define
class Users:
    """Tells one epoch."""

    known: int = 3

    async def epoch_for_reading(self, owner: Owner) -> int:
        """The epoch."""
        assert owner == Owner("shop", 1)
        return self.known


class Endless:
    """Parts without end."""

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        await trio.lowlevel.checkpoint()
        return b"rows"


@asynccontextmanager
async def endless() -> AsyncIterator[AsyncIterator[bytes]]:
    """A body that does not end by itself."""
    yield Endless()


async def test_a_revocation_cuts_a_download_under_way(
    autojump_clock: trio.testing.MockClock,
) -> None:
    """Parts come while the token's epoch is the user's, and none after it was raised."""
    users = Users()
    right = Right(users, TrioClock(NOW), Opened(Owner("shop", 1), JOB, 3))
    async with right.kept(endless()) as parts:
        assert [await anext(parts) for _ in range(3)] == [b"rows"] * 3
        users.known = 4
        with pytest.raises(StreamBroken, match="revoked"):
            await anext(parts)


async def test_an_expired_export_is_read_no_further(
    autojump_clock: trio.testing.MockClock,
) -> None:
    """Who reads ever so slowly holds a snapshot of the database for an hour at most."""
    right = Right(Users(), TrioClock(NOW), Opened(Owner("shop", 1), JOB, 3))
    async with right.kept(endless()) as parts:
        await trio.sleep((JOB.expires_at - NOW - timedelta(seconds=1)).total_seconds())
        assert await anext(parts) == b"rows"
        await trio.sleep(2)
        with pytest.raises(StreamBroken, match="expired"):
            await anext(parts)
