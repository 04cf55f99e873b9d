"""Tickets of downloads: 60 s, stored only as SHA-256, used once, decided by one UPDATE.

A ticket holds the user's epoch of its issue: a revocation ends tickets like tokens.
"""

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from attrs import frozen

from actors.domain.account import Owner
from actors.domain.export import ExportJob
from storage.codes import code_hash, new_code
from storage.exports import COLUMNS, job_of
from storage.postgres import Connection, Database

Redeemed: TypeAlias = tuple[Owner, ExportJob]
_ISSUE = """
INSERT INTO export_tickets (ticket_hash, export_id, epoch, expires_at)
SELECT $1, e.id, coalesce((SELECT epoch FROM user_epochs u
    WHERE u.site_id = e.site_id AND u.wp_user_id = e.wp_user_id), 0), $3
FROM exports e WHERE e.id = $2
"""
_REDEEM = f"""
WITH used AS (
    UPDATE export_tickets t SET used_at = $2 FROM exports e
    WHERE t.ticket_hash = $1 AND t.used_at IS NULL AND t.expires_at > $2 AND e.id = t.export_id
      AND t.epoch = coalesce((SELECT epoch FROM user_epochs u
        WHERE u.site_id = e.site_id AND u.wp_user_id = e.wp_user_id), 0)
    RETURNING t.export_id)
SELECT site_id, wp_user_id, {COLUMNS} FROM exports WHERE id IN (SELECT export_id FROM used)
"""  # noqa: S608  (texts of this house only)


@frozen
class ExportTickets:
    """Tickets of exports. Both methods may raise StoreUnavailable."""

    database: Database

    async def issue(self, export_id: UUID, expires_at: datetime) -> str:
        """A fresh ticket (256 random bits)."""
        ticket = new_code()

        async def job(connection: Connection) -> None:
            await connection.execute(_ISSUE, code_hash(ticket), export_id, expires_at)

        await self.database.execute(job)
        return ticket

    async def redeem(self, ticket: str, now: datetime) -> Redeemed | None:
        """Whose export it opens, once; None for unknown, used, expired or revoked tickets."""
        digest = code_hash(ticket)

        async def job(connection: Connection) -> Redeemed | None:
            row = await connection.fetchrow(_REDEEM, digest, now)
            if row is None:
                return None
            return Owner(row["site_id"], row["wp_user_id"]), job_of(row, now)

        return await self.database.execute(job)
