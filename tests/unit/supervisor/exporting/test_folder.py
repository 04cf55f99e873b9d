"""The folder of exports: room is made while other exports come and go beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from uuid import UUID

from supervisor.exporting.folder import ExportFolder

MINE, OTHER = UUID(int=1), UUID(int=2)


@contextmanager
def coming_and_going(folder: ExportFolder) -> Iterator[None]:
    """Another export's parts appear and vanish all the while."""
    over = Event()

    def work() -> None:
        while not over.is_set():
            folder.parts(OTHER).mkdir(parents=True, exist_ok=True)
            for number in range(50):
                (folder.parts(OTHER) / str(number)).write_bytes(b"row")
            folder.discard(OTHER)

    thread = Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_what_vanishes_while_it_is_counted_is_no_fault(tmp_path: Path) -> None:
    """Another export that ends in this moment does not make this one fail."""
    folder = ExportFolder(tmp_path / "exports", reserve_bytes=0)
    with coming_and_going(folder):
        assert all(folder.prepare(MINE, 1) for _ in range(500))


def test_a_file_beyond_the_quota_finds_no_room(tmp_path: Path) -> None:
    """What lies there counts, also in folders of parts."""
    folder = ExportFolder(tmp_path / "exports", quota_bytes=2_000, reserve_bytes=0)
    assert folder.prepare(OTHER, 1)
    (folder.parts(OTHER) / "sheet").write_bytes(bytes(1_200))
    assert not folder.prepare(MINE, 1)
    folder.discard(OTHER)
    assert folder.prepare(MINE, 1)


def test_what_is_promised_to_others_is_no_room(tmp_path: Path) -> None:
    """An export that has written nothing yet counts as what it may need, until it ends."""
    folder = ExportFolder(tmp_path / "exports", quota_bytes=2_000, reserve_bytes=0)
    assert folder.prepare(OTHER, 2)
    assert not folder.prepare(MINE, 1)
    (folder.parts(OTHER) / "sheet").write_bytes(bytes(1_000))
    assert not folder.prepare(MINE, 1)
    folder.part(OTHER).write_bytes(bytes(900))
    assert folder.complete(OTHER) == 900
    assert folder.prepare(MINE, 1)
    folder.discard(MINE)
    folder.discard(OTHER)
    assert folder.prepare(MINE, 2)
