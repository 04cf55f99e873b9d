"""Account actors as children of the tree."""

import trio
import trio.testing

from actors.domain.account import ConnectionState
from supervisor.child_spec import Child, ChildSpec
from supervisor.tree import ChildState, Tree
from tests.fakes.actor_world import World


async def test_a_crashed_actor_goes_on_from_storage(
    autojump_clock: trio.testing.MockClock, nursery: trio.Nursery
) -> None:
    """A bug after the commit costs one restart; the new incarnation loads what was stored."""
    world, crashes = World(), list[str]()

    def crash_once(name: str) -> None:
        if name == "after_commit" and not crashes:
            crashes.append(name)
            raise RuntimeError("bug")

    def make() -> Child:
        world.new_ref()
        return world.actor()

    world.failpoint = crash_once
    tree = Tree(world.clock)
    await nursery.start(world.timers.run)
    await nursery.start(tree.run)
    tree.start(ChildSpec("account", make))
    await trio.sleep(60)
    assert tree.rows()[0].state is ChildState.RUNNING
    assert tree.rows()[0].restarts == 1
    assert world.ref.published is not None
    assert world.ref.published.connection_state is ConnectionState.READY
    assert sorted(world.store.units) == list(range(1, world.ref.published.rev + 1))


async def test_shutdown_gives_the_terminal_back(
    autojump_clock: trio.testing.MockClock, nursery: trio.Nursery
) -> None:
    """An orderly stop does not wait for a silent broker, and closes the session."""
    world = World()
    world.broker.floating = 0
    tree = Tree(world.clock)
    await nursery.start(world.timers.run)
    await nursery.start(tree.run)
    tree.start(ChildSpec("account", world.actor))
    await trio.sleep(100)
    world.broker.silent = True
    await trio.sleep(55)
    before = trio.current_time()
    await tree.shutdown()
    assert trio.current_time() - before < 1
    assert world.broker.closed == world.broker.granted
    assert not world.ref.alive
