"""The workshop: how long a file may take, and what becomes of one that takes too long."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import trio
import trio.testing
from attrs import define, evolve, field

from actors.clock import TrioClock
from actors.domain.export import ExportFault, ExportState
from supervisor.exporting.child import Errand
from supervisor.exporting.errands import Errands
from supervisor.exporting.folder import ExportFolder
from supervisor.exporting.workshop import SILENCE_SECONDS, Workshop
from tests.unit.supervisor.exporting.makers import JOB, NOW, ORDER

QUEUED = evolve(JOB, state=ExportState.QUEUED, order=ORDER)


@define
class Rows:
    """Notes how the exports ended."""

    ended: list[Any] = field(factory=list)

    async def interrupted(self) -> None:
        """Nothing is open at the start."""

    async def beat(self, *_: object) -> None:
        """Nobody looks."""

    async def living(self, here: frozenset[Any], _now: object) -> frozenset[Any]:
        """All live."""
        return here

    async def progress(self, *_: object) -> None:
        """Nobody looks."""

    async def done(self, _export_id: object, rows: int, size: int, _now: object) -> None:
        """The file is whole."""
        self.ended.append((rows, size))

    async def failed(self, _export_id: object, fault: ExportFault) -> None:
        """There is no file."""
        self.ended.append(fault)


@define
class Slow:
    """A child that tells of a thousand rows after each pause, and then ends well."""

    pauses: list[float]

    async def progress(self) -> AsyncGenerator[tuple[int, int], None]:
        """Rows done and in all."""
        for number, pause in enumerate(self.pauses, 1):
            await trio.sleep(pause)
            yield number * 1000, len(self.pauses) * 1000

    async def fault(self) -> ExportFault | None:
        """None."""
        return None


async def made(folder: ExportFolder, pauses: list[float]) -> list[Any]:
    """How a file ended whose child takes these pauses."""
    rows: Any = Rows()

    @asynccontextmanager
    async def begin(errand: Errand) -> AsyncIterator[Slow]:
        assert errand.path is not None
        errand.path.write_bytes(b"sheet")
        yield Slow(pauses)

    clock = TrioClock(NOW)
    workshop = Workshop(rows, folder, Errands("postgresql://", clock), clock, begin)
    async with trio.open_nursery() as nursery:
        await nursery.start(workshop.run)
        workshop.take(QUEUED)
        await workshop.ended(QUEUED.export_id)
        nursery.cancel_scope.cancel()
    return list(rows.ended)


async def test_a_child_that_goes_on_is_given_all_the_time(
    autojump_clock: trio.testing.MockClock, tmp_path: Path
) -> None:
    """On a slow machine a file may take an hour: what counts is that it grows."""
    folder = ExportFolder(tmp_path, reserve_bytes=0)
    assert await made(folder, [SILENCE_SECONDS - 1] * 6) == [(6000, 5)]
    assert folder.file(QUEUED.export_id).is_file()


async def test_a_child_that_says_nothing_is_ended(
    autojump_clock: trio.testing.MockClock, tmp_path: Path
) -> None:
    """And nothing of its file is left."""
    folder = ExportFolder(tmp_path, reserve_bytes=0)
    assert await made(folder, [1, SILENCE_SECONDS + 1]) == [ExportFault.DEADLINE]
    assert list(tmp_path.iterdir()) == []
