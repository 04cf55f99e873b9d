"""The relay: a command reaches the actor wherever it runs, and its asker an honest answer."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import trio
import trio.testing
from attrs import define, field

from actors.domain.account import Owner
from actors.mailbox import Mailbox
from actors.messages import Message, Pause, Reconnect, Resume, SyncNow
from actors.ports import Lease, StoreUnavailable
from actors.ref import ActorRef
from actors.registry import Registry
from storage.command_rows import CommandAnswer, CommandKind, CommandRow
from storage.lives import Watched
from storage.memory import MemoryAccounts, MemoryPlans, MemoryWorld
from supervisor.levers import Levers
from supervisor.relay import LOOK_SECONDS, WAIT_SECONDS, Relay
from tests.store_builders import PLAN, new_account
from web.ports import Answer

JOB = UUID(int=77)


@define
class Table:
    """Rows that both nodes see, with one holder; ``away``: the database does not answer."""

    fence: int = 3
    is_held: bool = True
    away: bool = False
    asked: dict[UUID, CommandRow] = field(factory=dict)
    taken: dict[UUID, int] = field(factory=dict)
    ended: dict[UUID, CommandAnswer] = field(factory=dict)
    taking: list[UUID] = field(factory=list)
    lasting: list[timedelta] = field(factory=list)

    def _check(self) -> None:
        if self.away:
            raise StoreUnavailable("away")

    async def ask(self, command: CommandRow, lasting: timedelta) -> None:
        """Ask."""
        self._check()
        self.lasting.append(lasting)
        self.asked.setdefault(command.command_id, command)

    async def answer(self, command_id: UUID) -> CommandAnswer | None:
        """Its answer."""
        self._check()
        return self.ended.get(command_id)

    async def is_free(self, instance_id: UUID) -> bool:
        """Whether nobody holds it."""
        del instance_id
        self._check()
        return not self.is_held

    async def open(self) -> Sequence[CommandRow]:
        """What has no answer."""
        await trio.lowlevel.checkpoint()
        self._check()
        return [row for row in self.asked.values() if row.command_id not in self.ended]

    async def take(self, command_id: UUID, fence: int) -> bool:
        """Take it."""
        self._check()
        if fence != self.fence or command_id in self.ended:
            return False
        self.taken[command_id] = fence
        self.taking.append(command_id)
        return True

    async def finish(self, command_id: UUID, fence: int, ended: CommandAnswer) -> bool:
        """Answer it."""
        self._check()
        if self.taken.get(command_id) != fence:
            return False
        self.ended.setdefault(command_id, ended)
        return True


@define
class Crew:
    """A fleet of one actor."""

    restarted: list[UUID] = field(factory=list)
    in_quarantine: bool = False
    watching: Watched | None = None
    hold: Callable[[], Awaitable[None]] = trio.lowlevel.checkpoint

    async def restart(self, instance_id: UUID) -> bool:
        """Note it."""
        await self.hold()
        self.restarted.append(instance_id)
        return True

    def quarantined(self, instance_id: UUID) -> bool:
        """As set."""
        del instance_id
        return self.in_quarantine

    def watched(self, account_id: UUID) -> Watched | None:
        """As set."""
        del account_id
        return self.watching


class Place:
    """A table, an account, and the nodes beside it: ``node(runs=True)`` holds the account."""

    def __init__(self) -> None:
        self.table = Table()
        self.world = MemoryWorld()
        self.accounts = MemoryAccounts(self.world)
        self.crew = Crew()
        self.forgiven: list[tuple[str, str]] = []
        self.ref: ActorRef | None = None

    async def open(self) -> Watched:
        """Alice's account."""
        await MemoryPlans(self.world).save(PLAN)
        made = (await self.accounts.connect(new_account(Owner("shop", 1)))).watched
        assert made is not None
        self.watched = self.crew.watching = made
        self.account_id = made.account.account_id
        self.instance_id = made.instance.instance_id
        return made

    def node(self, *, runs: bool, fence: int = 3) -> Relay:
        """The relay of a node that runs the account's actor, or not."""
        registry, held = Registry(), {}
        if runs:
            self.ref = ActorRef(self.account_id, self.instance_id, Mailbox(capacity=4))
            registry.add(self.ref)
            held[self.instance_id] = Lease(self.instance_id, fence, 1e9)
        levers = Levers(registry, self.crew, lambda *who: self.forgiven.append(who))
        lives: Any = self.accounts
        return Relay(self.table, lives, registry, levers, lambda: held, lambda _step: None)

    def fill(self) -> None:
        """Leave no room in the actor's mailbox."""
        assert self.ref is not None
        for _ in range(4):
            self.ref.mailbox.put(Pause())

    def told(self) -> list[Message]:
        """What the actor finds in its mailbox."""
        assert self.ref is not None
        found = []
        while (envelope := self.ref.mailbox.take()) is not None:
            found.append(envelope.message)
        return found


@pytest.fixture
async def place() -> Place:
    """An opened place."""
    made = Place()
    await made.open()
    return made


async def test_an_actor_of_this_node_is_told_at_once(place: Place) -> None:
    """No row is written, and storage may be away."""
    relay = place.node(runs=True)
    place.table.away = True
    for kind in (CommandKind.SYNC, CommandKind.RECONNECT, CommandKind.PAUSE, CommandKind.RESUME):
        assert (await relay.send(place.account_id, kind)).answer is Answer.DONE
    assert set(place.told()) == {SyncNow(), Reconnect(), Pause(), Resume()}
    assert place.forgiven == [(place.watched.account.server, place.watched.account.login)]
    assert (await relay.send(place.account_id, CommandKind.RESTART)).answer is Answer.DONE
    assert place.crew.restarted == [place.instance_id]
    assert not place.table.asked


async def test_what_no_actor_will_read_is_told_as_such(place: Place) -> None:
    """A full mailbox, and an actor that has ended."""
    relay = place.node(runs=True)
    place.fill()
    assert (await relay.send(place.account_id, CommandKind.SYNC)).answer is Answer.MAILBOX_FULL
    place.told()
    assert place.ref is not None
    place.ref.close()
    assert (await relay.send(place.account_id, CommandKind.SYNC)).answer is Answer.UNAVAILABLE


async def test_resuming_leads_out_of_quarantine(place: Place) -> None:
    """An actor that was left ended has no mailbox to read: it is started anew."""
    relay, place.crew.in_quarantine = place.node(runs=True), True
    assert (await relay.send(place.account_id, CommandKind.RESUME)).answer is Answer.DONE
    assert (place.told(), place.crew.restarted) == ([], [place.instance_id])


async def test_another_nodes_actor_is_told_through_a_row(
    place: Place, nursery: trio.Nursery, autojump_clock: trio.testing.MockClock
) -> None:
    """Without any notice it takes the seconds of two looks; the answer is that node's."""
    here, there = place.node(runs=False), place.node(runs=True)
    await nursery.start(there.run)
    began = trio.current_time()
    told = await here.send(place.account_id, CommandKind.RECONNECT)
    assert (told.answer, told.account_id) == (Answer.DONE, place.account_id)
    assert trio.current_time() - began <= 2 * LOOK_SECONDS
    assert place.told() == [Reconnect()]
    assert len(place.forgiven) == 1


async def test_a_bell_hurries_it(
    place: Place, nursery: trio.Nursery, autojump_clock: trio.testing.MockClock
) -> None:
    """With notices no time passes at all."""
    here, there = place.node(runs=False), place.node(runs=True)
    await nursery.start(there.run)
    began = trio.current_time()

    async def notices() -> None:
        for _ in range(50):
            await trio.testing.wait_all_tasks_blocked()
            there.ring()
            here.ring()

    nursery.start_soon(notices)
    assert (await here.send(place.account_id, CommandKind.SYNC)).answer is Answer.DONE
    assert trio.current_time() == began


async def test_nobody_there_is_told_in_time_and_a_job_asks_on(
    place: Place, nursery: trio.Nursery, autojump_clock: trio.testing.MockClock
) -> None:
    """After the wait it is unavailable; the same job finds the command that a new owner did."""
    here = place.node(runs=False)
    began = trio.current_time()
    first = await here.send(place.account_id, CommandKind.RESTART, JOB)
    assert first.answer is Answer.UNAVAILABLE
    assert trio.current_time() - began == WAIT_SECONDS
    place.table.fence = 4
    await nursery.start(place.node(runs=True, fence=4).run)
    await trio.sleep(LOOK_SECONDS)
    assert (await here.send(place.account_id, CommandKind.RESTART, JOB)).answer is Answer.DONE
    assert place.crew.restarted == [place.instance_id]
    assert len(place.table.asked) == 1


async def test_without_a_job_nothing_happens_after_the_answer(
    place: Place, autojump_clock: trio.testing.MockClock
) -> None:
    """The row's time ends before its asker's: what was told as not done stays undone."""
    here = place.node(runs=False)
    assert (await here.send(place.account_id, CommandKind.PAUSE)).answer is Answer.UNAVAILABLE
    assert [one.total_seconds() < WAIT_SECONDS for one in place.table.lasting] == [True]
    await here.send(place.account_id, CommandKind.PAUSE, JOB)
    assert place.table.lasting[1].total_seconds() > 30


async def test_a_former_owner_takes_nothing(
    place: Place, nursery: trio.Nursery, autojump_clock: trio.testing.MockClock
) -> None:
    """A node that wakes with an old fence leaves the command to the present one."""
    place.table.fence = 4
    await nursery.start(place.node(runs=True, fence=3).run)
    here = place.node(runs=False)
    assert (await here.send(place.account_id, CommandKind.SYNC)).answer is Answer.UNAVAILABLE
    assert (place.told(), place.table.taking) == ([], [])


async def test_a_busy_actor_gets_it_later(
    place: Place, nursery: trio.Nursery, autojump_clock: trio.testing.MockClock
) -> None:
    """Where the mailbox is full at first, the command waits and is then done."""
    there, here = place.node(runs=True), place.node(runs=False)
    place.fill()
    await nursery.start(there.run)

    async def clear() -> None:
        await trio.sleep(3)
        place.told()

    nursery.start_soon(clear)
    assert (await here.send(place.account_id, CommandKind.SYNC)).answer is Answer.DONE
    assert place.told() == [SyncNow()]


async def test_an_outage_in_between_loses_nothing(
    place: Place, nursery: trio.Nursery, autojump_clock: trio.testing.MockClock
) -> None:
    """Done while its answer could not be stored, it is done again when storage is back."""
    here, there = place.node(runs=False), place.node(runs=True)

    async def goes_away() -> None:
        place.table.away = True

    place.crew.hold = goes_away
    await nursery.start(there.run)
    assert (await here.send(place.account_id, CommandKind.RESTART, JOB)).answer is (
        Answer.UNAVAILABLE
    )
    assert place.crew.restarted == [place.instance_id]
    place.table.away, place.crew.hold = False, trio.lowlevel.checkpoint
    assert (await here.send(place.account_id, CommandKind.RESTART, JOB)).answer is Answer.DONE
    assert len(place.table.ended) == 1


async def test_a_stored_change_is_loaded_by_whoever_runs_the_actor(
    place: Place, nursery: trio.Nursery, autojump_clock: trio.testing.MockClock
) -> None:
    """The owner restarts it; where nobody holds it there is nothing to tell."""
    here = place.node(runs=False)
    place.table.is_held = False
    assert (await here.reload(place.watched, JOB)).answer is Answer.DONE
    assert not place.table.asked
    place.table.is_held = True
    await nursery.start(place.node(runs=True).run)
    assert (await here.reload(place.watched, JOB)).answer is Answer.DONE
    assert place.crew.restarted == [place.instance_id]


async def test_an_unknown_account_is_not_found(place: Place) -> None:
    """No row is written for it."""
    told = await place.node(runs=False).send(uuid4(), CommandKind.PAUSE)
    assert (told.answer, place.table.asked) == (Answer.NOT_FOUND, {})
