"""Commands for an actor of another node, as rows: asked, taken under the lease's fence, answered.

Only who holds the account's lease can take a command or answer it: the database compares the
fence in the statement that writes. A command whose taker died is taken again by the next holder,
whose fence is higher; the former one's answer is then refused. The database's clock decides when
a command's time is over.
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from attrs import frozen

from storage.postgres import Connection, Database, Record

CHANNEL = "onefunders_commands"
"""What PostgreSQL notifies when a command was asked or answered; it may be lost."""


class CommandKind(StrEnum):
    """What an actor can be told. Each may be done twice without harm. No kind carries a secret."""

    SYNC = "sync"
    RECONNECT = "reconnect"
    RESTART = "restart"
    PAUSE = "pause"
    RESUME = "resume"


@frozen
class CommandRow:
    """A command as its asker left it."""

    command_id: UUID
    instance_id: UUID
    kind: CommandKind


@frozen
class CommandAnswer:
    """How a command ended, in the words of ``web.ports.Answer``, and the revision known then."""

    answer: str
    rev: int | None


# A command that is asked again keeps its answer, else it gets new time.
_ASK = """
INSERT INTO account_commands AS c (id, instance_id, kind, deadline_at)
VALUES ($1, $2, $3, now() + $4::interval)
ON CONFLICT (id) DO UPDATE SET deadline_at = CASE WHEN c.state = 'done' THEN c.deadline_at
    ELSE excluded.deadline_at END
"""
_NOTIFY = f"SELECT pg_notify('{CHANNEL}', '')"
_ANSWER = "SELECT answer, rev FROM account_commands WHERE id = $1 AND state = 'done'"
_IS_FREE = """
SELECT NOT EXISTS (SELECT 1 FROM account_leases WHERE instance_id = $1 AND expires_at > now())
"""
_OPEN = """
SELECT c.id, c.instance_id, c.kind FROM account_commands c
JOIN account_leases l ON l.instance_id = c.instance_id
WHERE c.state <> 'done' AND c.deadline_at > now() AND l.node_id = $1 AND l.expires_at > now()
    AND (c.fence IS NULL OR c.fence <= l.fence)
ORDER BY c.asked_at, c.id LIMIT 256
"""
_TAKE = """
UPDATE account_commands c SET state = 'taken', fence = l.fence FROM account_leases l
WHERE c.id = $1 AND l.instance_id = c.instance_id AND l.fence = $2 AND l.expires_at > now()
    AND c.state <> 'done' AND c.deadline_at > now() AND (c.fence IS NULL OR c.fence <= l.fence)
"""
_FINISH = """
UPDATE account_commands SET state = 'done', answer = $3, rev = $4, ended_at = now()
WHERE id = $1 AND state = 'taken' AND fence = $2
"""


@frozen
class CommandRows:
    """Rows of commands. Every method may raise StoreUnavailable, and may then be repeated."""

    database: Database
    node_id: str

    async def ask(self, command: CommandRow, lasting: timedelta) -> None:
        """Ask for a command, to be taken within ``lasting``. The same id asks once."""

        async def job(connection: Connection) -> None:
            await connection.execute(
                _ASK, command.command_id, command.instance_id, command.kind.value, lasting
            )
            await connection.execute(_NOTIFY)

        await self.database.execute(job)

    async def answer(self, command_id: UUID) -> CommandAnswer | None:
        """How it ended; None while it has not."""

        async def job(connection: Connection) -> CommandAnswer | None:
            row = await connection.fetchrow(_ANSWER, command_id)
            return None if row is None else CommandAnswer(row["answer"], row["rev"])

        return await self.database.execute(job)

    async def is_free(self, instance_id: UUID) -> bool:
        """Whether no node holds the instance now: whoever takes it loads what is stored."""

        async def job(connection: Connection) -> bool:
            return bool(await connection.fetchval(_IS_FREE, instance_id))

        return await self.database.execute(job)

    async def open(self) -> Sequence[CommandRow]:
        """Unanswered commands for instances that this node holds, the oldest first; also those
        that it took itself, for whom an outage or a busy actor came between."""

        async def job(connection: Connection) -> list[Record]:
            return await connection.fetch(_OPEN, self.node_id)

        return [
            CommandRow(row["id"], row["instance_id"], CommandKind(row["kind"]))
            for row in await self.database.execute(job)
        ]

    async def take(self, command_id: UUID, fence: int) -> bool:
        """Take it under the lease of this fence; False when that is not the account's lease now,
        or the command was answered, or its time is over."""

        async def job(connection: Connection) -> bool:
            return await connection.execute(_TAKE, command_id, fence) == "UPDATE 1"

        return await self.database.execute(job)

    async def finish(self, command_id: UUID, fence: int, ended: CommandAnswer) -> bool:
        """Store its answer; False when another holder took it meanwhile."""

        async def job(connection: Connection) -> bool:
            tag = await connection.execute(_FINISH, command_id, fence, ended.answer, ended.rev)
            await connection.execute(_NOTIFY)
            return tag == "UPDATE 1"

        return await self.database.execute(job)
