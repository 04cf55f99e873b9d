"""Tickets of downloads: 60 s, stored only as SHA-256, used once, decided by one UPDATE.

A ticket holds the epoch of the token that asked for it: a revocation ends the tickets with the
token, also on a node that has not heard of it yet. Looking at a ticket does not use it up.
"""

from datetime import datetime
from uuid import UUID

from attrs import frozen

from actors.domain.account import Owner
from actors.domain.export import ExportJob
from storage.codes import code_hash, new_code
from storage.exports import COLUMNS, job_of
from storage.postgres import Connection, Database

_ISSUE = """
INSERT INTO export_tickets (ticket_hash, export_id, epoch, expires_at) VALUES ($1, $2, $3, $4)
"""
_HOLDS = """
t.ticket_hash = $1 AND t.used_at IS NULL AND t.expires_at > $2 AND e.id = t.export_id
  AND t.epoch = coalesce((SELECT epoch FROM user_epochs u
    WHERE u.site_id = e.site_id AND u.wp_user_id = e.wp_user_id), 0)
"""
_OPENS = f"SELECT t.export_id, t.epoch FROM export_tickets t, exports e WHERE {_HOLDS}"  # noqa: S608
_EXPORT = f"SELECT site_id, wp_user_id, {COLUMNS} FROM exports WHERE id = $1"  # noqa: S608
_USE = f"UPDATE export_tickets t SET used_at = $2 FROM exports e WHERE {_HOLDS}"  # noqa: S608


@frozen
class Opened:
    """What a ticket opens: whose export, and the epoch of the token that asked for it."""

    owner: Owner
    job: ExportJob
    epoch: int


@frozen
class ExportTickets:
    """Tickets of exports. Every method may raise StoreUnavailable."""

    database: Database

    async def issue(self, export_id: UUID, epoch: int, expires_at: datetime) -> str:
        """A fresh ticket (256 random bits) for a token of this epoch."""
        ticket = new_code()

        async def job(connection: Connection) -> None:
            await connection.execute(_ISSUE, code_hash(ticket), export_id, epoch, expires_at)

        await self.database.execute(job)
        return ticket

    async def look(self, ticket: str, now: datetime) -> Opened | None:
        """What it opens; None for unknown, used, expired or revoked tickets."""
        digest = code_hash(ticket)

        async def job(connection: Connection) -> Opened | None:
            opens = await connection.fetchrow(_OPENS, digest, now)
            if opens is None:
                return None
            row = await connection.fetchrow(_EXPORT, opens["export_id"])
            if row is None:
                return None
            owner = Owner(row["site_id"], row["wp_user_id"])
            return Opened(owner, job_of(row, now), opens["epoch"])

        return await self.database.execute(job)

    async def use(self, ticket: str, now: datetime) -> bool:
        """Use it up; False when somebody else did, or it no longer holds."""
        digest = code_hash(ticket)

        async def job(connection: Connection) -> bool:
            return await connection.execute(_USE, digest, now) == "UPDATE 1"

        return await self.database.execute(job)
