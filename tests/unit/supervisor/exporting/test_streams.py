"""CSV streams: who reads goes on, who does not gives its place to others."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf

import trio
import trio.testing
from attrs import define, field

from actors.clock import TrioClock
from actors.domain.account import Owner
from actors.domain.export import ExportFault
from supervisor.exporting.broken import StreamBroken
from supervisor.exporting.child import Errand
from supervisor.exporting.errands import Errands
from supervisor.exporting.streams import (
    GRACE_SECONDS,
    PER_NODE,
    PER_OWNER,
    READER_SECONDS,
    WAIT_SECONDS,
    Streams,
)
from tests.unit.supervisor.exporting.makers import JOB, NOW

PART = bytes(64 * 1024)


@define
class Endless:
    """A source that gives so many parts at once, and then ends; a mute one gives nothing."""

    left: int
    mute: bool

    async def part(self) -> bytes:
        """The next part."""
        await trio.sleep(inf if self.mute else 0)
        self.left -= 1
        return PART if self.left >= 0 else b""

    async def fault(self) -> ExportFault | None:
        """It ends well."""
        return None


@define
class Hall:
    """Streams over endless sources; ``cut`` and ``whole`` count how the readers fared."""

    streams: Streams = field(init=False)
    parts: int = 10**9
    mute: bool = False
    cut: list[str] = field(factory=list)
    whole: list[str] = field(factory=list)
    running: int = 0

    def __attrs_post_init__(self) -> None:
        self.streams = Streams(Errands("postgresql://", TrioClock(NOW)), self.begin)

    @asynccontextmanager
    async def begin(self, errand: Errand) -> AsyncIterator[Endless]:
        """Begin a source."""
        assert errand.order == JOB.order
        self.running += 1
        try:
            yield Endless(self.parts, self.mute)
        finally:
            self.running -= 1

    async def read(self, name: str, user: int, pause: float) -> None:
        """Read to the end, with so many seconds for each part."""
        try:
            async with self.streams.open(Owner("shop", user), JOB) as parts:
                async for _ in parts:
                    await trio.sleep(pause)
            self.whole.append(name)
        except (StreamBroken, trio.TooSlowError):
            self.cut.append(name)


async def test_a_reader_that_reads_is_never_cut(autojump_clock: trio.testing.MockClock) -> None:
    """A file that takes an hour and a half is sent whole to one who takes every part in time."""
    hall = Hall(parts=300)
    await hall.read("slow", 1, READER_SECONDS - 1)
    assert (hall.whole, hall.cut, hall.running) == (["slow"], [], 0)
    assert trio.current_time() > 5_000


async def test_a_reader_that_takes_nothing_is_cut(autojump_clock: trio.testing.MockClock) -> None:
    """Its place and its child are free after the time for one part."""
    hall = Hall()
    began = trio.current_time()
    await hall.read("dead", 1, 10_000)
    assert (hall.cut, hall.running) == (["dead"], 0)
    assert trio.current_time() - began == READER_SECONDS
    assert hall.streams.node.borrowed_tokens == 0
    assert not hall.streams.owners


async def test_the_slowest_reader_gives_way(autojump_clock: trio.testing.MockClock) -> None:
    """With every place taken by trickling readers, one that waits is served within seconds."""
    hall = Hall()
    async with trio.open_nursery() as nursery:
        for number in range(PER_NODE):
            nursery.start_soon(hall.read, str(number), number // PER_OWNER + 1, 4.0 * number + 4)
        await trio.sleep(60)
        assert (hall.cut, hall.running) == ([], PER_NODE)
        began = trio.current_time()
        async with hall.streams.open(Owner("shop", 9), JOB) as parts:
            assert await anext(parts) == PART
            assert trio.current_time() - began == GRACE_SECONDS
            assert hall.cut == [str(PER_NODE - 1)]
        nursery.cancel_scope.cancel()


async def test_fair_readers_give_way_to_none(autojump_clock: trio.testing.MockClock) -> None:
    """One that waits longer than a minute for readers at a fair pace is told so by a cut."""
    hall = Hall()
    async with trio.open_nursery() as nursery:
        for number in range(PER_NODE):
            nursery.start_soon(hall.read, str(number), number, 0.5)
        await trio.sleep(60)
        began = trio.current_time()
        await hall.read("late", 9, 0)
        assert hall.cut == ["late"]
        assert trio.current_time() - began == WAIT_SECONDS
        nursery.cancel_scope.cancel()


async def test_a_user_has_two_places(autojump_clock: trio.testing.MockClock) -> None:
    """A third download of one user waits, another user's does not."""
    hall = Hall()
    async with trio.open_nursery() as nursery:
        for number in range(PER_OWNER + 1):
            nursery.start_soon(hall.read, str(number), 1, 0.5)
        await trio.sleep(1)
        assert hall.running == PER_OWNER
        nursery.start_soon(hall.read, "other", 2, 0.5)
        await trio.sleep(1)
        assert hall.running == PER_OWNER + 1
        nursery.cancel_scope.cancel()


async def test_rows_that_do_not_come_end_the_stream(
    autojump_clock: trio.testing.MockClock,
) -> None:
    """A child that says nothing for longer than the database's own limits is ended."""
    hall = Hall(mute=True)
    await hall.read("mute", 1, 0)
    assert (hall.cut, hall.running) == (["mute"], 0)
