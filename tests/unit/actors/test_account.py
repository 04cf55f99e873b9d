"""The actor under a virtual clock: cadence, single flight, faults, ends."""

from itertools import pairwise

import pytest
import trio
import trio.testing

from actors.domain.account import ConnectionState
from actors.errors import ActorDead, BrokerError, BrokerFault, MailboxFull, ProtocolViolation
from actors.messages import Drain, Pause, Reconnect, Resume, SyncNow
from actors.ports import Lease, StaleSync, StoreUnavailable
from tests.fakes.actor_world import World


@pytest.fixture
async def world(autojump_clock: trio.testing.MockClock, nursery: trio.Nursery) -> World:
    """A world whose timers run."""
    world = World()
    await nursery.start(world.timers.run)
    return world


def state_of(world: World) -> ConnectionState | None:
    """The published connection state."""
    return world.ref.published.connection_state if world.ref.published else None


async def test_an_idle_account_is_visited_at_the_idle_pace(
    autojump_clock: trio.testing.MockClock, world: World, nursery: trio.Nursery
) -> None:
    """A flat account is read every 10-28 min, one short login per visit."""
    nursery.start_soon(world.actor().run)
    await trio.sleep(4 * 3600)
    later = world.broker.reads[4:]
    gaps = [b - a for a, b in pairwise(later)]
    assert gaps
    assert all(540 <= gap <= 1800 for gap in gaps)
    assert world.broker.closed >= len(later) - 1
    assert state_of(world) is ConnectionState.READY


async def test_an_account_with_positions_keeps_its_terminal(
    autojump_clock: trio.testing.MockClock, world: World, nursery: trio.Nursery
) -> None:
    """An active account is read about every 30 s over one sticky session."""
    world.broker.floating = 0
    nursery.start_soon(world.actor().run)
    await trio.sleep(3600)
    gaps = [b - a for a, b in pairwise(world.broker.reads[3:])]
    assert max(gaps) <= 60
    assert len(world.broker.opens) <= 2
    assert world.broker.opens[-1] is True


async def test_many_askers_share_one_sync(
    autojump_clock: trio.testing.MockClock, world: World, nursery: trio.Nursery
) -> None:
    """Fifty who ask for a sync together cause one read, and all get its result."""
    nursery.start_soon(world.actor().run)
    await trio.sleep(300)
    reads, revs = len(world.broker.reads), set[int]()

    async def ask() -> None:
        revs.add((await world.ref.ask(SyncNow(), 30)).rev)

    async with trio.open_nursery() as askers:
        for _ in range(50):
            askers.start_soon(ask)
    assert len(world.broker.reads) == reads + 1
    assert revs == {max(world.store.units)}


async def test_who_asks_right_after_a_read_gets_a_read_of_his_own(
    autojump_clock: trio.testing.MockClock, world: World, nursery: trio.Nursery
) -> None:
    """Twice within the cooldown: the second ask does not read at once, but within two seconds."""
    nursery.start_soon(world.actor().run)
    await trio.sleep(5)
    first = (await world.ref.ask(SyncNow(), 30)).rev
    reads = len(world.broker.reads)
    await world.ref.ask(SyncNow(), 30)
    assert len(world.broker.reads) == reads
    await trio.sleep(2)
    assert world.ref.published is not None
    assert world.ref.published.rev == first + 1


async def test_a_full_mailbox_refuses(autojump_clock: trio.testing.MockClock, world: World) -> None:
    """More messages than fit raise MailboxFull; a SyncNow joins the waiting one."""
    for _ in range(10):
        world.ref.tell(SyncNow())
    for _ in range(3):
        world.ref.tell(Resume())
    with pytest.raises(MailboxFull):
        world.ref.tell(Resume())
    world.ref.tell(SyncNow())


async def test_a_silent_broker_is_backed_off_and_comes_back(
    autojump_clock: trio.testing.MockClock, world: World, nursery: trio.Nursery
) -> None:
    """A broker that never answers gives back-off; when it answers again the account is ready."""
    world.broker.silent = True
    nursery.start_soon(world.actor().run)
    await trio.sleep(400)
    assert state_of(world) is ConnectionState.BACKOFF
    assert world.ref.published is not None
    assert world.ref.published.last_error_code in ("timeout", "server_unavailable")
    world.broker.silent = False
    await trio.sleep(900)
    assert state_of(world) is ConnectionState.READY


async def test_rejected_credentials_are_not_tried_again(
    autojump_clock: trio.testing.MockClock, world: World, nursery: trio.Nursery
) -> None:
    """After bad credentials nobody logs in, not even after a restart, until told to."""
    world.broker.faults.append(BrokerError(BrokerFault.BAD_CREDENTIALS))
    with trio.CancelScope() as first:
        async with trio.open_nursery() as running:
            running.start_soon(world.actor().run)
            await trio.sleep(86_400)
            assert state_of(world) is ConnectionState.CREDENTIALS_REJECTED
            first.cancel()
    world.new_ref()
    nursery.start_soon(world.actor().run)
    await trio.sleep(86_400)
    assert len(world.broker.opens) == 1
    published = await world.ref.ask(Reconnect(), 30)
    assert published.connection_state is ConnectionState.READY


async def test_an_unknown_outcome_repeats_the_same_unit(
    autojump_clock: trio.testing.MockClock, world: World, nursery: trio.Nursery
) -> None:
    """When storage does not answer, the very same unit is written again, and only once kept."""
    world.store.lands = True
    world.store.faults.extend(StoreUnavailable() for _ in range(3))
    nursery.start_soon(world.actor().run)
    await trio.sleep(20)
    assert len({id(unit) for unit in world.store.tried[:4]}) == 1
    assert world.ref.published is not None
    assert world.ref.published.rev >= 1


async def test_nothing_is_published_before_it_is_stored(
    autojump_clock: trio.testing.MockClock, world: World, nursery: trio.Nursery
) -> None:
    """While storage is away, readers keep the last stored revision."""
    nursery.start_soon(world.actor().run)
    await trio.sleep(300)
    world.store.faults.extend(StoreUnavailable() for _ in range(1000))
    stored = max(world.store.units)
    await trio.sleep(3600)
    assert world.ref.published is not None
    assert world.ref.published.rev == stored
    world.store.faults.clear()
    await trio.sleep(100)
    assert world.ref.published.rev > stored


async def test_a_fenced_actor_stops(autojump_clock: trio.testing.MockClock, world: World) -> None:
    """When another node owns the account, the actor ends and gives the terminal back."""
    world.store.fence = 2
    with trio.fail_after(60):
        await world.actor().run()
    assert not world.ref.alive
    assert world.broker.closed == len(world.broker.opens)
    assert not world.store.units


async def test_a_stale_sync_is_reloaded_and_stepped_again(
    autojump_clock: trio.testing.MockClock, world: World, nursery: trio.Nursery
) -> None:
    """StaleSync loads the life again and stores the same reading."""
    world.store.faults.append(StaleSync())
    nursery.start_soon(world.actor().run)
    await trio.sleep(60)
    assert world.store.loads == 2
    assert state_of(world) is ConnectionState.READY


async def test_the_lease_ends_the_actor(
    autojump_clock: trio.testing.MockClock, world: World
) -> None:
    """Without renewal the actor ends at its lease's end; a renewal moves that."""
    lease = Lease(world.ref.instance_id, 1, 100.0)
    world.lease = type(world.lease)(lease)
    async with trio.open_nursery() as running:
        running.start_soon(world.actor().run)
        await trio.sleep(50)
        world.lease.renew(Lease(world.ref.instance_id, 1, 200.0))
    assert trio.current_time() == pytest.approx(200.0, abs=0.1)
    assert "stopped" in world.events


async def test_a_pause_interrupts_a_slow_read_and_outlives_a_restart(
    autojump_clock: trio.testing.MockClock, world: World, nursery: trio.Nursery
) -> None:
    """Pause does not wait for the broker; a restarted actor stays paused until resumed."""
    world.broker.silent = True
    with trio.CancelScope() as first:
        async with trio.open_nursery() as running:
            running.start_soon(world.actor().run)
            await trio.sleep(1)
            published = await world.ref.ask(Pause(), 5)
            assert published.connection_state is ConnectionState.PAUSED
            first.cancel()
    world.broker.silent = False
    world.new_ref()
    nursery.start_soon(world.actor().run)
    await trio.sleep(7200)
    assert not world.broker.reads
    world.ref.tell(Resume())
    await trio.sleep(10)
    assert state_of(world) is ConnectionState.READY


async def test_drain_ends_in_order(autojump_clock: trio.testing.MockClock, world: World) -> None:
    """Drain answers the asker, gives the terminal back and ends the task."""
    async with trio.open_nursery() as running:
        running.start_soon(world.actor().run)
        await trio.sleep(5)
        await world.ref.ask(Drain(), 5)
    with pytest.raises(ActorDead):
        world.ref.tell(SyncNow())


async def test_a_bug_kills_the_actor_and_tells_who_waits(
    autojump_clock: trio.testing.MockClock, world: World
) -> None:
    """A crash at a failpoint ends the task; the waiting ask gets ActorDead."""

    def fail(name: str) -> None:
        if name == "before_commit":
            raise RuntimeError("bug")

    world.failpoint = fail
    answers: list[type[BaseException]] = []

    async def ask() -> None:
        try:
            await world.ref.ask(SyncNow(), 30)
        except ActorDead as error:
            answers.append(type(error))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(ask)
        await trio.testing.wait_all_tasks_blocked()
        with pytest.raises(RuntimeError, match="bug"):
            await world.actor().run()
    assert answers == [ActorDead]


async def test_garbage_from_the_bridge_is_a_state(
    autojump_clock: trio.testing.MockClock, world: World, nursery: trio.Nursery
) -> None:
    """A protocol violation gives back-off on a fresh terminal, never a crash."""
    world.broker.faults.append(ProtocolViolation("garbage"))
    nursery.start_soon(world.actor().run)
    await trio.sleep(60)
    assert state_of(world) is ConnectionState.READY
    assert [s.last_error_code for s in world.store.standings] == ["protocol_violation"]


async def test_failpoints_come_in_order(
    autojump_clock: trio.testing.MockClock, world: World, nursery: trio.Nursery
) -> None:
    """Each sync passes fetch, commit and publish in this order."""
    nursery.start_soon(world.actor().run)
    await trio.sleep(2)
    synced = ["after_fetch", "before_commit", "after_commit", "before_publish"]
    assert world.points[1:5] == synced
