"""What of an account changes with each commit, for many accounts in one query."""

from collections.abc import Collection, Mapping
from uuid import UUID

from attrs import frozen

from storage.postgres import Connection, Database, Record

_MARKS = """
SELECT w.id, concat_ws('|', i.id, i.sync_seq, i.status, i.connection_state, i.outcome, i.tier,
    i.next_sync_at) AS mark
FROM unnest($1::uuid[]) AS w (id) CROSS JOIN LATERAL (
    SELECT * FROM account_instances x WHERE x.account_id = w.id
    ORDER BY x.created_at DESC, x.instance_key DESC LIMIT 1
) i
"""


@frozen
class LiveMarks:
    """Marks of accounts' newest instances from the database."""

    database: Database

    async def of(self, account_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """A mark for each account that there is. May raise StoreUnavailable."""
        wanted = list(account_ids)

        async def job(connection: Connection) -> list[Record]:
            return await connection.fetch(_MARKS, wanted)

        return {row["id"]: row["mark"] for row in await self.database.execute(job)}
