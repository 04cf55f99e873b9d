"""The tree under a virtual clock: restarts, quarantine, siblings, shutdown."""

from collections.abc import Callable

import pytest
import trio
import trio.testing

from actors.clock import TrioClock
from supervisor.child_spec import ChildSpec, Restart
from supervisor.restarts import (
    Asked,
    Crashed,
    Finished,
    Quarantine,
    RestartAfter,
    RestartPolicy,
    Returned,
    alarming,
    decide,
)
from supervisor.tree import ChildState, Tree
from tests.fakes.actor_world import START

POLICY = RestartPolicy()


class FakeChild:
    """Lives until stopped, or crashes after ``lives`` seconds."""

    def __init__(self, lives: float | None = None, *, stubborn: bool = False) -> None:
        self._lives = lives
        self._stubborn = stubborn
        self._stopped = trio.Event()

    async def run(self) -> None:
        if self._lives is None:
            await self._stopped.wait()
            return
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._crash, self._lives)

    async def _crash(self, seconds: float) -> None:
        await trio.sleep(seconds)
        raise RuntimeError("bug")

    def stop(self) -> None:
        if not self._stubborn:
            self._stopped.set()


@pytest.fixture
async def tree(autojump_clock: trio.testing.MockClock, nursery: trio.Nursery) -> Tree:
    """A running tree."""
    tree = Tree(TrioClock(START))
    await nursery.start(tree.run)
    return tree


def states(tree: Tree) -> dict[str, ChildState]:
    """State by child."""
    return {row.id: row.state for row in tree.rows()}


def spec(id_: str, make: Callable[[], FakeChild], rank: int = 0) -> ChildSpec:
    """A transient child."""
    return ChildSpec(id_, make, shutdown_seconds=5, rank=rank)


@pytest.mark.parametrize(
    ("restart", "ended", "crashes", "expected"),
    [
        (Restart.TRANSIENT, Returned(), 0, Finished()),
        (Restart.PERMANENT, Returned(), 0, RestartAfter(1.0)),
        (Restart.TEMPORARY, Crashed(), 1, Finished()),
        (Restart.PERMANENT, Asked(), 0, Finished()),
        (Restart.TRANSIENT, Crashed(), 1, RestartAfter(1.0)),
        (Restart.TRANSIENT, Crashed(), 2, RestartAfter(2.0)),
        (Restart.TRANSIENT, Crashed(), 3, RestartAfter(4.0)),
        (Restart.TRANSIENT, Crashed(), 4, Quarantine()),
    ],
)
def test_restart_decisions(
    restart: Restart, ended: Returned | Crashed | Asked, crashes: int, expected: object
) -> None:
    """Each way to end has its one decision."""
    assert decide(restart, ended, (0.0,) * crashes, POLICY) == expected


def test_the_alarm_needs_many_children() -> None:
    """One bad account raises no alarm, a fifth of the fleet does."""
    assert not alarming(1, 3, POLICY)
    assert not alarming(20, 100, POLICY)
    assert alarming(21, 100, POLICY)


async def test_a_crashing_child_is_quarantined_and_can_be_resumed(
    autojump_clock: trio.testing.MockClock, tree: Tree
) -> None:
    """Four crashes in a minute quarantine the child; its sibling never notices."""
    lives: list[float | None] = [0.1, 0.1, 0.1, 0.1, None]
    made: list[float] = []

    def make() -> FakeChild:
        made.append(trio.current_time())
        return FakeChild(lives[len(made) - 1])

    tree.start(spec("bad", make))
    tree.start(spec("good", FakeChild))
    await trio.sleep(60)
    assert states(tree) == {"bad": ChildState.QUARANTINED, "good": ChildState.RUNNING}
    assert made == pytest.approx([0, 1.1, 3.2, 7.3])
    assert tree.rows()[0].last_error == "RuntimeError"
    await tree.restart("bad")
    await trio.sleep(1)
    assert states(tree) == {"bad": ChildState.RUNNING, "good": ChildState.RUNNING}


async def test_rare_crashes_are_always_restarted(
    autojump_clock: trio.testing.MockClock, tree: Tree
) -> None:
    """A crash every 40 s never fills the window."""
    tree.start(spec("rare", lambda: FakeChild(40)))
    await trio.sleep(1000)
    assert states(tree)["rare"] is not ChildState.QUARANTINED
    assert tree.rows()[0].restarts > 20


async def test_shutdown_is_ordered_and_has_deadlines(
    autojump_clock: trio.testing.MockClock, tree: Tree
) -> None:
    """Higher ranks end first, and one that does not listen is cancelled after its deadline."""
    tree.start(spec("storage", FakeChild, rank=0))
    tree.start(spec("web", lambda: FakeChild(stubborn=True), rank=2))
    tree.start(spec("account", FakeChild, rank=1))
    await trio.sleep(1)
    await tree.shutdown()
    assert trio.current_time() == pytest.approx(6)
    assert tree.rows() == ()


async def test_stop_during_a_backoff_does_not_wait(
    autojump_clock: trio.testing.MockClock, tree: Tree
) -> None:
    """A child that waits for its restart is stopped at once."""
    tree.start(spec("bad", lambda: FakeChild(0.1)))
    await trio.sleep(0.5)
    await tree.stop("bad")
    assert trio.current_time() == pytest.approx(0.5)


async def test_a_stop_beside_a_restart_wins(
    autojump_clock: trio.testing.MockClock, tree: Tree
) -> None:
    """Whichever is asked first, no child is left running that nobody knows of."""
    for first, second in ((tree.stop, tree.restart), (tree.restart, tree.stop)) * 8:
        tree.start(spec("account", FakeChild))
        await trio.sleep(1)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(first, "account")
            nursery.start_soon(second, "account")
        assert tree.rows() == ()
