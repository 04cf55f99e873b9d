"""Discrepancies for readers: what late facts contradict, in both versions."""

from typing import Any
from uuid import UUID

from attrs import frozen

from actors.domain.account import Owner
from actors.domain.history import DiscrepancyRow
from storage.exact import read_json
from storage.life_of import life_of
from storage.postgres import Connection, Database, Record

_OF_LIFE = """
SELECT kind, subject, rule_date, occurred_at, noticed_at, facts::text AS facts
FROM discrepancies WHERE life_id = $1 ORDER BY sync_seq DESC, place DESC
"""


@frozen
class Discrepancies:
    """Discrepancies in the database."""

    database: Database

    async def of_life(
        self, owner: Owner, account_id: UUID, instance_id: UUID | None
    ) -> tuple[DiscrepancyRow, ...] | None:
        """Those of the life, newest first; None when the account is not the owner's.

        Raises StoreUnavailable.
        """

        async def job(connection: Connection) -> tuple[DiscrepancyRow, ...] | None:
            life = await life_of(connection, owner, account_id, instance_id)
            if life is None:
                return None
            return tuple(map(_told, await connection.fetch(_OF_LIFE, life.life_id)))

        return await self.database.execute(job)


def _told(row: Record) -> DiscrepancyRow:
    facts: dict[str, Any] = {} if row["facts"] is None else read_json(row["facts"])
    return DiscrepancyRow(
        kind=row["kind"],
        subject=row["subject"],
        rule_date=row["rule_date"],
        occurred_at=row["occurred_at"],
        noticed_at=row["noticed_at"],
        before=facts.get("before"),
        after=facts.get("after"),
    )
