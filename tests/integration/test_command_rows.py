"""Rows of commands in PostgreSQL: who may take one, and whose answer counts."""

from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
import trio
from attrs import frozen

from actors.clock import SystemClock
from storage.accounts import PostgresAccounts
from storage.command_rows import CHANNEL, CommandAnswer, CommandKind, CommandRow, CommandRows
from storage.leases import PostgresLeases
from storage.notices import Notices
from storage.plans import PostgresPlans
from storage.postgres import Database
from tests.store_builders import PLAN, new_account

LASTING = timedelta(minutes=1)
DONE = CommandAnswer("done", 7)


@frozen
class House:
    """One account on two nodes' tables; node one holds it under ``fence``."""

    dsn: str
    database: Database
    instance_id: UUID
    fence: int

    def rows(self, node: str = "one") -> CommandRows:
        """The rows as a node sees them."""
        return CommandRows(self.database, node)

    def command(self, kind: CommandKind = CommandKind.SYNC) -> CommandRow:
        """A command for the account."""
        return CommandRow(uuid4(), self.instance_id, kind)

    async def run_out(self) -> int:
        """The lease of node one ends, and node two takes the account; its fence."""
        with psycopg.connect(self.dsn) as line:
            line.execute("UPDATE account_leases SET expires_at = now() - interval '1 s'")
        node = PostgresLeases(self.database, SystemClock(), "two")
        await node.register()
        (lease,) = await node.claim(1)
        return lease.fence


@pytest.fixture
async def house(postgres_dsn: str, nursery: trio.Nursery) -> House:
    """An account that node one has just claimed."""
    database = Database(postgres_dsn, workers=4)
    await nursery.start(database.run)
    await PostgresPlans(database).save(PLAN)
    made = (await PostgresAccounts(database).connect(new_account())).watched
    assert made is not None
    node = PostgresLeases(database, SystemClock(), "one")
    await node.register()
    (lease,) = await node.claim(1)
    return House(postgres_dsn, database, made.instance.instance_id, lease.fence)


async def test_a_command_is_taken_by_the_holder_and_answered_once(house: House) -> None:
    """Only the holder sees it; asked again under its id it is the same, with its first answer."""
    one, two, command = house.rows("one"), house.rows("two"), house.command()
    await two.ask(command, LASTING)
    assert (await one.open(), await two.open()) == ([command], [])
    assert await one.answer(command.command_id) is None
    assert await one.take(command.command_id, house.fence)
    assert await one.finish(command.command_id, house.fence, DONE)
    assert not await one.finish(command.command_id, house.fence, CommandAnswer("not_found", None))
    await two.ask(command, LASTING)
    assert await one.open() == []
    assert not await one.take(command.command_id, house.fence)
    assert await two.answer(command.command_id) == DONE


async def test_commands_come_in_the_order_of_their_asking(house: House) -> None:
    """A pause that was asked before a resume is open before it."""
    asked = [house.command(CommandKind.PAUSE), house.command(CommandKind.RESUME), house.command()]
    for command in asked:
        await house.rows("two").ask(command, LASTING)
    assert await house.rows().open() == asked


async def test_a_former_holder_neither_takes_nor_answers(house: House) -> None:
    """What it took is open for the next holder, whose answer is the one that counts."""
    one, two, command = house.rows("one"), house.rows("two"), house.command()
    await two.ask(command, LASTING)
    assert await one.take(command.command_id, house.fence)
    fence = await house.run_out()
    assert fence > house.fence
    assert (await one.open(), await two.open()) == ([], [command])
    assert not await one.take(command.command_id, house.fence)
    assert await two.take(command.command_id, fence)
    assert not await one.finish(command.command_id, house.fence, DONE)
    assert await two.finish(command.command_id, fence, CommandAnswer("done", 9))
    assert await one.answer(command.command_id) == CommandAnswer("done", 9)


async def test_a_command_whose_time_is_over_is_never_taken(house: House) -> None:
    """Until it is asked again, under the same id."""
    one, command = house.rows("one"), house.command()
    await one.ask(command, timedelta(0))
    assert await one.open() == []
    assert not await one.take(command.command_id, house.fence)
    await one.ask(command, LASTING)
    assert await one.open() == [command]
    assert await one.take(command.command_id, house.fence)


async def test_an_expired_lease_takes_nothing(house: House) -> None:
    """Its holder may be frozen: nothing is open for it, and the instance counts as free."""
    one, command = house.rows("one"), house.command()
    await one.ask(command, LASTING)
    assert not await one.is_free(house.instance_id)
    with psycopg.connect(house.dsn) as line:
        line.execute("UPDATE account_leases SET expires_at = now() - interval '1 s'")
    assert await one.open() == []
    assert not await one.take(command.command_id, house.fence)
    assert await one.is_free(house.instance_id)


async def test_what_the_holder_left_undone_stays_open_for_it(house: House) -> None:
    """A busy actor or an outage came between: the same holder takes it again."""
    one, command = house.rows("one"), house.command()
    await one.ask(command, LASTING)
    assert await one.take(command.command_id, house.fence)
    assert await one.open() == [command]
    assert await one.take(command.command_id, house.fence)


async def test_notices_tell_of_commands_and_answers(house: House, nursery: trio.Nursery) -> None:
    """Also after the connection was lost and made anew."""
    heard = trio.Semaphore(0)
    nursery.start_soon(Notices(house.dsn, CHANNEL, heard.release).run)
    with trio.fail_after(30):
        await heard.acquire()  # it listens
        command = house.command()
        await house.rows().ask(command, LASTING)
        await heard.acquire()
        assert await house.rows().take(command.command_id, house.fence)
        await house.rows().finish(command.command_id, house.fence, DONE)
        await heard.acquire()
        with psycopg.connect(house.dsn, autocommit=True) as line:
            line.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'onefunders-notices' AND datname = current_database()"
            )
        await heard.acquire()  # it listens again
        await house.rows().ask(house.command(), LASTING)
        await heard.acquire()
