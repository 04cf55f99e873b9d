"""A life without an actor is loaded once for all readers, and anew when it may have changed."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import trio
from attrs import evolve

from actors.clock import TrioClock
from actors.domain.account import Status
from actors.domain.deals import Deal, DealEntry, DealType
from actors.domain.history import AccountRow
from actors.domain.life import StoredLife
from storage.lives import Watched
from supervisor.life_room import LifeRoom
from supervisor.stored_lives import StoredLives
from tests.fakes.actor_world import START, deposit, make_life, opening
from tests.unit.web.test_views import synced, view_of


class Shelf:
    """Storage with one life under any number of instances, and a count of loads."""

    def __init__(self) -> None:
        self.unit, self.published = synced()
        self.row = view_of(self.unit, None).row
        self.status = Status.ACTIVE
        self.deals: tuple[Deal, ...] = (deposit(), *self.unit.effects.deals)
        self.loads: list[UUID] = []
        store: Any = self
        self.lives = StoredLives(self, store, lambda _: make_life(), TrioClock(START), room=2)

    def ended(self, row: AccountRow) -> AccountRow:
        """The row after the end of its life."""
        self.status = Status.DEACTIVATED
        at = START + timedelta(hours=1)
        ended = evolve(row.instance, status=Status.DEACTIVATED, deactivated_at=at)
        return evolve(row, instance=ended)

    async def instance(self, instance_id: UUID) -> Watched | None:
        """Any instance is one of the life."""
        instance = evolve(self.row.instance, instance_id=instance_id, status=self.status)
        return Watched(self.row.account, instance, "", None, instance.reason)

    async def load(self, instance: Any) -> StoredLife:
        """The life as the unit left it."""
        await trio.lowlevel.checkpoint()
        self.loads.append(instance.instance_id)
        return StoredLife(self.unit.sync_seq, self.deals, self.unit.effects.rule_state)

    async def instances(self, _owner: object, _account_id: UUID) -> tuple[AccountRow, ...]:
        """A successor of another password, and the one before it."""
        later = evolve(self.row.instance, instance_id=uuid4())
        return evolve(self.row, instance=later, sync_seq=self.row.sync_seq + 5), self.row


def other(row: AccountRow) -> AccountRow:
    """Another account's row."""
    return evolve(row, instance=evolve(row.instance, instance_id=uuid4()))


async def test_readers_at_once_load_a_life_once() -> None:
    """All of them get the one state that the first one loaded."""
    shelf, told = Shelf(), []

    async def read() -> None:
        told.append(await shelf.lives.state(shelf.row))

    async with trio.open_nursery() as nursery:
        for _ in range(3):
            nursery.start_soon(read)
    assert len(shelf.loads) == 1
    assert told[0] is told[1] is told[2]


async def test_a_commit_elsewhere_is_seen(autojump_clock: trio.testing.MockClock) -> None:
    """By the row's number at once, and by time where nothing else tells it."""
    shelf = Shelf()
    await shelf.lives.state(shelf.row)
    await shelf.lives.state(evolve(shelf.row, sync_seq=shelf.row.sync_seq + 1))
    assert len(shelf.loads) == 2
    await trio.sleep(31)
    await shelf.lives.state(evolve(shelf.row, sync_seq=shelf.row.sync_seq + 1))
    assert len(shelf.loads) == 3


async def test_an_ended_life_is_loaded_once_for_ever(
    autojump_clock: trio.testing.MockClock,
) -> None:
    """Nothing changes it, so that no time makes it old."""
    shelf = Shelf()
    row = shelf.ended(shelf.row)
    first = await shelf.lives.state(row)
    await trio.sleep(3600)
    assert await shelf.lives.state(row) is first


async def test_only_so_many_lives_are_kept() -> None:
    """The one that nobody read for longest leaves."""
    shelf = Shelf()
    rows = [shelf.row, other(shelf.row), other(shelf.row)]
    for row in rows:
        await shelf.lives.state(row)
    await shelf.lives.state(rows[2])
    await shelf.lives.state(rows[1])
    assert len(shelf.loads) == 3
    await shelf.lives.state(rows[0])
    assert shelf.loads[3] == rows[0].instance.instance_id


async def test_what_came_after_the_end_is_not_the_lifes() -> None:
    """Deals stamped after the last reading belong to the next life."""
    shelf = Shelf()
    at = START + timedelta(days=1)
    opened = evolve(opening(at), ticket=900, position_id=900)
    closed = evolve(opened, ticket=901, type=DealType.SELL, entry=DealEntry.OUT)
    shelf.deals = (*shelf.deals, opened, closed)
    assert (await shelf.lives.state(shelf.row)).tally.closed == 1
    assert (await shelf.lives.state(shelf.ended(shelf.row))).tally.closed == 0


async def test_an_instance_is_told_by_the_successor_of_its_life() -> None:
    """The one before a new password shows where its life stands now."""
    shelf = Shelf()
    rows: Any = shelf
    registry: Any = Nobody()
    room = LifeRoom(registry, rows, shelf.lives, TrioClock(START))
    told = await room.of(view_of(shelf.unit, None))
    assert told.view.row.sync_seq == shelf.row.sync_seq + 5
    assert told.ended_at is None
    assert told.shown.observation == shelf.published.observation


class Nobody:
    """A registry of a node where nothing runs."""

    def account(self, _account_id: UUID) -> None:
        """No actor."""
