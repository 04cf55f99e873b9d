"""An erasure answers the same however often it is asked for, whenever its process ends."""

from typing import Any
from uuid import UUID

import pytest
import trio
from attrs import evolve

from actors.clock import TrioClock
from storage.account_rows import AccountRows
from storage.audit_log import PostgresAuditLog
from storage.claims import Claimed, Finished
from storage.idempotency import PostgresIdempotency
from storage.postgres import Database
from storage.privacy import Privacy
from storage.users import PostgresUsers
from supervisor.commanding import CommandRoom
from supervisor.desk import Desk
from supervisor.webdoor import Audit
from tests.integration.alice import ALICE, MALLORY, NOW, fill
from tests.unit.supervisor.office import asked
from web.ports import Answer, CommandResult, Request


class Changes:
    """Deactivations, where no actor runs."""

    def __init__(self, database: Database) -> None:
        self.rows = AccountRows(database)

    async def deactivate(self, request: Request, account_id: UUID) -> CommandResult:
        """Nothing is here to be stopped."""
        return CommandResult(Answer.DONE, account_id)


class LastMoment(PostgresIdempotency):
    """Claims in the database of a process that ends just before it would store an answer."""

    async def finish(self, scope: str, key: str, claimed: Claimed, answer: Any) -> bool:
        """The work is done; the process is no more."""
        raise SystemExit


@pytest.fixture
async def database(postgres_dsn: str, nursery: trio.Nursery) -> Database:
    """A database with Alice's account."""
    database = Database(postgres_dsn)
    await nursery.start(database.run)
    await database.transact(fill)
    return database


def room(database: Database, desk: Desk) -> CommandRoom:
    """The command room of one process."""
    clock = TrioClock(NOW)
    changes: Any = Changes(database)
    unused: Any = None
    return CommandRoom(
        desk,
        unused,
        changes,
        unused,
        PostgresUsers(database, clock),
        Privacy(database),
        Audit(PostgresAuditLog(database, clock)),
        clock,
    )


async def test_an_erasure_whose_process_ended_is_done_for_the_retry(
    database: Database, nursery: trio.Nursery
) -> None:
    """The answer is stored with the erasure itself: nothing else remembers whom it was about."""
    request, clock = asked("erase-0001"), TrioClock(NOW)
    dying = Desk(LastMoment(database), clock)
    with pytest.raises(BaseExceptionGroup) as ended:
        async with trio.open_nursery() as process:
            await process.start(dying.run)
            await room(database, dying).erase_user(request, ALICE)
    assert ended.group_contains(SystemExit)
    claims = PostgresIdempotency(database)
    scope, key = request.caller.site_id, request.idempotency_key
    assert isinstance(await claims.claim(scope, key, request.body_digest, NOW), Finished)
    desk = Desk(claims, clock)
    await nursery.start(desk.run)
    again = room(database, desk)
    assert (await again.erase_user(request, ALICE)).answer is Answer.DONE
    other = evolve(request, body_digest=b"another")
    assert (await again.erase_user(other, ALICE)).answer is Answer.IDEMPOTENCY_MISMATCH


async def test_a_user_without_accounts_is_not_found_each_time(
    database: Database, nursery: trio.Nursery
) -> None:
    """Nothing was erased, and the retry says so too."""
    desk = Desk(PostgresIdempotency(database), TrioClock(NOW))
    await nursery.start(desk.run)
    commands = room(database, desk)
    for _ in range(2):
        told = await commands.erase_user(asked("erase-0002"), MALLORY)
        assert told.answer is Answer.NOT_FOUND
