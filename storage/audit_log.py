"""The audit log in the database: append-only and chained by hash."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from attrs import frozen

from storage.audit_chain import GENESIS, AuditRow, ChainReport, check_chain, link
from storage.postgres import Connection, Database

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('audit_log'))"
_LAST = "SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1"
_APPEND = """
INSERT INTO audit_log (seq, created_at, action, actor, site_id, subject, payload,
    payload_digest, prev_hash, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8, $9, $10)
"""
_PAGE = """
SELECT seq, created_at, action, actor, site_id, subject, payload::text, payload_digest,
    prev_hash, hash
FROM audit_log WHERE seq > $1 ORDER BY seq LIMIT 1000
"""


class Dating(Protocol):
    """The part of the Clock port that tells the date."""

    def now(self) -> datetime:
        """Wall clock, aware UTC."""
        ...


@frozen
class PostgresAuditLog:
    """The audit log. Both methods may raise StoreUnavailable."""

    database: Database
    clock: Dating

    async def append(
        self,
        action: str,
        *,
        actor: str,
        site_id: str | None,
        subject: str,
        details: Mapping[str, Any],
    ) -> None:
        """Write one row behind the last one. ``details`` are JSON-ready, never a credential."""
        now = self.clock.now()

        async def job(connection: Connection) -> None:
            words = {"action": action, "actor": actor, "site_id": site_id, "subject": subject}
            await append_row(connection, now, words, details)

        await self.database.transact(job)

    async def verify(self, progress: Callable[[int], None] | None = None) -> ChainReport:
        """Check the whole chain, a thousand rows at a time; ``progress`` hears how many hold."""
        report = ChainReport(0, None, GENESIS)
        while True:
            page = await self._page(report.rows)
            if not page:
                return report
            report = check_chain(page, (report.rows, report.last_hash))
            if progress is not None:
                progress(report.rows)
            if report.broken_at is not None:
                return report

    async def length(self) -> int:
        """How many rows there are."""

        async def job(connection: Connection) -> int:
            return int(await connection.fetchval("SELECT count(*) FROM audit_log"))

        return await self.database.execute(job)

    async def hash_at(self, seq: int) -> bytes | None:
        """The hash of one row, None where there is none: compared with one noted elsewhere."""

        async def job(connection: Connection) -> bytes | None:
            found: bytes | None = await connection.fetchval(
                "SELECT hash FROM audit_log WHERE seq = $1", seq
            )
            return found

        return await self.database.execute(job)

    async def _page(self, after_seq: int) -> list[AuditRow]:
        async def job(connection: Connection) -> list[AuditRow]:
            rows = await connection.fetch(_PAGE, after_seq)
            return [AuditRow(**dict(row)) for row in rows]

        return await self.database.execute(job)


async def append_row(
    connection: Connection, now: datetime, words: Mapping[str, Any], details: Mapping[str, Any]
) -> None:
    """Append inside the caller's transaction; ``words``: action, actor, site_id, subject.

    Writers queue on one lock, so that no two rows follow the same one.
    """
    await connection.execute(_LOCK)
    last = await connection.fetchrow(_LAST)
    prev = (0, GENESIS) if last is None else (last["seq"], last["hash"])
    row = link(prev, now, **words, details=details)
    await connection.execute(
        _APPEND,
        row.seq,
        row.created_at,
        row.action,
        row.actor,
        row.site_id,
        row.subject,
        row.payload,
        row.payload_digest,
        row.prev_hash,
        row.hash,
    )
