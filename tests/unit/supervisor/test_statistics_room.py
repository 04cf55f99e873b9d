"""Statistics are made once a commit, from memory or storage, and kept through outages."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import trio
from attrs import evolve

from actors.clock import TrioClock
from actors.domain.account import Owner, Status
from actors.domain.deals import Deal, DealEntry, DealType
from actors.domain.life import Life, StoredLife
from actors.domain.rule_day import RuleDay
from actors.ports import StoreUnavailable, SyncUnit
from storage.lives import Watched
from supervisor.statistics_room import StatisticsRoom
from supervisor.stored_lives import StoredLives
from tests.fakes.actor_world import START, deposit, make_life, opening
from tests.unit.web.test_views import synced, view_of
from web.ports import Unavailable, View


class Shelf:
    """Storage with the one account of a unit, and a count of what was asked of it."""

    def __init__(self, unit: SyncUnit, *deals: Deal) -> None:
        self.unit = unit
        self.deals = (deposit(), *unit.effects.deals, *deals)
        self.life: Life | None = make_life()
        self.instances_ended = False
        self.away = False
        self.loads = 0
        self.reads = 0

    def room(self) -> StatisticsRoom:
        """A room on this storage."""
        store: Any = self
        stored = StoredLives(self, store, lambda _: self.life, TrioClock(START))
        return StatisticsRoom(stored, self)

    async def instance(self, instance_id: UUID) -> Watched | None:
        """The unit's instance."""
        assert instance_id == self.unit.instance.instance_id
        status = Status.DEACTIVATED if self.instances_ended else Status.ACTIVE
        account = view_of(self.unit, None).row.account
        instance = evolve(self.unit.instance, status=status)
        return Watched(account, instance, "", None, instance.reason)

    async def load(self, _instance: object) -> StoredLife:
        """The life as the unit left it, and deals that came after."""
        self.loads += 1
        return StoredLife(self.unit.sync_seq, self.deals, self.unit.effects.rule_state)

    async def exact(
        self, owner: Owner, account_id: UUID, instance_id: UUID | None
    ) -> tuple[RuleDay, ...]:
        """The unit's rule days."""
        assert (owner, account_id) == (Owner("shop", 1), self.unit.instance.account_id)
        assert instance_id == self.unit.instance.instance_id
        await trio.lowlevel.checkpoint()
        if self.away:
            raise StoreUnavailable("away")
        self.reads += 1
        return self.unit.effects.rule_days


def pair(ticket: int) -> tuple[Deal, Deal]:
    """A trade a day after the unit."""
    at = START + timedelta(days=1)
    opened = evolve(opening(at), ticket=ticket, position_id=ticket)
    return opened, evolve(opened, ticket=ticket + 1, type=DealType.SELL, entry=DealEntry.OUT)


async def test_memory_and_storage_say_the_same_and_are_asked_once_a_commit() -> None:
    """A second reader gets what the first one got; a further commit is counted anew."""
    unit, published = synced()
    shelf = Shelf(unit)
    room, live = shelf.room(), view_of(unit, published)
    told = await room.of(live)
    assert await room.of(live) is told
    assert (shelf.reads, shelf.loads) == (1, 0)
    assert await shelf.room().of(view_of(unit, None)) == told
    assert shelf.loads == 1
    await room.of(View(live.row, evolve(published, rev=published.rev + 1)))
    assert shelf.reads == 3


async def test_readers_at_once_load_a_life_once() -> None:
    """The second waits for its turn and takes the first one's answer."""
    unit, _ = synced()
    shelf = Shelf(unit)
    room, view = shelf.room(), view_of(unit, None)
    async with trio.open_nursery() as nursery:
        for _ in range(3):
            nursery.start_soon(room.of, view)
    assert shelf.loads == 1


async def test_a_lifes_statistics_end_with_it() -> None:
    """What the account did after the life's last reading belongs to the next life."""
    unit, _ = synced()
    shelf = Shelf(unit, *pair(900))
    assert (await shelf.room().of(view_of(unit, None))).positions.all.closed == 1
    shelf.instances_ended = True
    assert (await shelf.room().of(view_of(unit, None))).positions.all.closed == 0


async def test_an_outage_leaves_what_was_told_last() -> None:
    """While storage is away the last answer stands; without one the outage is told."""
    unit, published = synced()
    shelf = Shelf(unit)
    room, view = shelf.room(), view_of(unit, published)
    told = await room.of(view)
    shelf.away = True
    later = View(view.row, evolve(published, rev=published.rev + 1))
    assert await room.of(later) is told
    with pytest.raises(StoreUnavailable):
        await shelf.room().of(view)


async def test_a_server_without_a_clock_has_no_statistics() -> None:
    """Rule days cannot be told without the broker's clock: unavailable, not guessed."""
    unit, _ = synced()
    shelf = Shelf(unit)
    shelf.life = None
    with pytest.raises(Unavailable, match="clock"):
        await shelf.room().of(view_of(unit, None))
