"""Placement: what a round decides, and the loop over a fake lease table."""

from collections.abc import Sequence
from uuid import UUID

import trio.testing
from attrs import frozen

from actors.clock import TrioClock
from actors.ports import Lease, StoreUnavailable
from supervisor.placement import PlacementLoop, PlacementPolicy, decide
from tests.fakes.actor_world import START

A, B, C = (UUID(int=n) for n in (10, 11, 12))
POLICY = PlacementPolicy(tranche=2)


def lease(id_: UUID, fence: int = 1, until: float = 20.0) -> Lease:
    """A lease."""
    return Lease(id_, fence, until)


def test_a_round_keeps_claims_and_drops() -> None:
    """Renewed leases go on, lost and re-fenced ones stop, unknown ones start, room is claimed."""
    held = {A: lease(A), B: lease(B)}
    placing = decide(held, [lease(A), lease(B, 2), lease(C)], 10, POLICY, draining=False)
    assert [one.instance_id for one in placing.renew] == [A]
    assert placing.lost == (B,)
    assert [one.instance_id for one in placing.start] == [C]
    assert (placing.claim, placing.surplus) == (2, 0)


def test_surplus_is_given_back_beyond_the_slack() -> None:
    """A node far above its share gives accounts back; a draining one gives all."""
    held = {id_: lease(id_) for id_ in (A, B, C)}
    renewed = list(held.values())
    assert decide(held, renewed, 1, POLICY, draining=False).surplus == 2
    assert decide(held, renewed, 3, POLICY, draining=False).surplus == 0
    assert decide(held, renewed, 3, POLICY, draining=True).surplus == 3


@frozen
class FakeShares:
    """A share of two."""

    fair_share: int = 2


class FakeLeases:
    """A lease table of one node."""

    def __init__(self, clock: TrioClock) -> None:
        self.clock = clock
        self.free = [A, B, C]
        self.owned: list[UUID] = []
        self.away = False

    async def heartbeat(self, *, draining: bool = False) -> None:
        await trio.lowlevel.checkpoint()
        if self.away:
            raise StoreUnavailable

    async def placement(self) -> FakeShares:
        return FakeShares()

    async def claim(self, most: int) -> Sequence[Lease]:
        taken, self.free = self.free[:most], self.free[most:]
        self.owned += taken
        return [lease(id_, 1, self.clock.monotonic() + 20) for id_ in taken]

    async def renew(self) -> Sequence[Lease]:
        return [lease(id_, 1, self.clock.monotonic() + 20) for id_ in self.owned]

    async def release(self, instance_ids: Sequence[UUID] | None = None) -> None:
        gone = self.owned if instance_ids is None else instance_ids
        self.owned = [id_ for id_ in self.owned if id_ not in gone]


class FakeRunner:
    """Notes what runs."""

    def __init__(self) -> None:
        self.running: dict[UUID, Lease] = {}
        self.readable: set[UUID] = set()
        self.started: list[UUID] = []

    async def start(self, lease: Lease, first_delay_seconds: float) -> None:
        self.readable.discard(lease.instance_id)
        self.started.append(lease.instance_id)
        self.running[lease.instance_id] = lease

    def renew(self, lease: Lease) -> None:
        self.running[lease.instance_id] = lease

    async def stop(self, instance_id: UUID) -> None:
        self.running.pop(instance_id, None)
        self.readable.discard(instance_id)

    async def lapse(self, instance_id: UUID) -> None:
        del self.running[instance_id]
        self.readable.add(instance_id)

    def spare(self, count: int) -> Sequence[UUID]:
        return list(self.running)[:count]


async def test_the_loop_takes_its_share_and_gives_up_in_an_outage(
    autojump_clock: trio.testing.MockClock, nursery: trio.Nursery
) -> None:
    """A node takes and renews its fair share; in an outage it stops when its leases run out."""
    clock = TrioClock(START)
    leases, runner = FakeLeases(clock), FakeRunner()
    loop = PlacementLoop(leases, runner, clock, lambda: 0.5)
    await nursery.start(loop.run)
    await trio.sleep(12)
    assert set(runner.running) == {A, B}
    assert runner.running[A].valid_until > 25
    leases.away = True
    await trio.sleep(40)
    assert not runner.running
    assert runner.readable == {A, B}
    assert not loop.reachable
    leases.away = False
    await trio.sleep(10)
    assert set(runner.running) == {A, B}
    assert not runner.readable
    assert await loop.drain()
    assert not runner.running
    assert not leases.owned


async def test_what_another_node_took_meanwhile_is_forgotten(
    autojump_clock: trio.testing.MockClock, nursery: trio.Nursery
) -> None:
    """After an outage only what storage still calls ours starts; of the rest nothing is kept."""
    clock = TrioClock(START)
    leases, runner = FakeLeases(clock), FakeRunner()
    loop = PlacementLoop(leases, runner, clock, lambda: 0.5)
    await nursery.start(loop.run)
    await trio.sleep(12)
    leases.away = True
    await trio.sleep(40)
    leases.owned.remove(B)
    leases.free = []
    leases.away = False
    await trio.sleep(10)
    assert set(runner.running) == {A}
    assert not runner.readable


async def test_a_frozen_process_starts_its_ended_actors_again(
    autojump_clock: trio.testing.MockClock, nursery: trio.Nursery
) -> None:
    """A lease renewed too late has ended its actor: the same fence is started anew."""
    clock = TrioClock(START)
    leases, runner = FakeLeases(clock), FakeRunner()
    loop = PlacementLoop(leases, runner, clock, lambda: 0.5)
    await loop.round()
    before = dict(runner.running)
    await trio.sleep(30)  # nothing ran meanwhile
    runner.started.clear()
    await loop.round()
    assert runner.started == [A, B]
    assert {lease.fence for lease in runner.running.values()} == {
        lease.fence for lease in before.values()
    }


async def test_draining_without_storage_still_stops_the_actors(
    autojump_clock: trio.testing.MockClock,
) -> None:
    """A planned stop in an outage ends the actors, and says that storage was not told."""
    clock = TrioClock(START)
    leases, runner = FakeLeases(clock), FakeRunner()
    loop = PlacementLoop(leases, runner, clock, lambda: 0.5)
    await loop.round()
    leases.away = True
    assert not await loop.drain()
    assert not runner.running


class SlowLeases(FakeLeases):
    """Answers a renewal and a release after a second."""

    async def renew(self) -> Sequence[Lease]:
        found = await super().renew()
        await trio.sleep(1)
        return found

    async def release(self, instance_ids: Sequence[UUID] | None = None) -> None:
        await trio.sleep(1)
        await super().release(instance_ids)


async def test_what_is_given_back_during_a_round_is_not_started_again(
    autojump_clock: trio.testing.MockClock, nursery: trio.Nursery
) -> None:
    """A round that read the lease before must not take it for the claim of a lost call."""
    clock = TrioClock(START)
    leases, runner = SlowLeases(clock), FakeRunner()
    leases.free = [A]
    loop = PlacementLoop(leases, runner, clock, lambda: 0.0)
    await loop.round()
    assert runner.started == [A]
    nursery.start_soon(loop.round)
    await trio.sleep(0.5)
    await runner.stop(A)
    await loop.forget(A)
    await trio.sleep(10)
    assert runner.started == [A]
    assert (leases.owned, dict(loop.held)) == ([], {})
