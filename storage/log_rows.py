"""The connection log for a site's staff."""

from uuid import UUID

from attrs import frozen

from actors.domain.history import LogRow, Page
from storage.exact import read_json
from storage.postgres import Connection, Database, Record

_OWNED = "SELECT EXISTS (SELECT 1 FROM accounts WHERE id = $2 AND site_id = $1)"
_FROM = """
FROM connection_logs c
JOIN account_instances i ON i.id = c.account_instance_id
JOIN accounts a ON a.id = i.account_id
WHERE a.site_id = $1 AND a.id = $2
"""
_COUNT = f"SELECT count(*) {_FROM}"
_PAGE = f"""
SELECT c.id, c.account_instance_id, c.request_id, c.action, c.status, c.error_code,
    coalesce(c.error_context, '{{}}')::text AS context, c.created_at
{_FROM} ORDER BY c.created_at DESC, c.id DESC LIMIT $3 OFFSET $4
"""


@frozen
class LogRows:
    """Connection log rows from the database."""

    database: Database

    async def page(
        self, site_id: str, account_id: UUID, page: int, limit: int
    ) -> Page[LogRow] | None:
        """A page (from 1) of the account's log, newest first; None when not of the site.

        Raises StoreUnavailable.
        """

        async def job(connection: Connection) -> Page[LogRow] | None:
            if not await connection.fetchval(_OWNED, site_id, account_id):
                return None
            total = await connection.fetchval(_COUNT, site_id, account_id)
            rows = await connection.fetch(_PAGE, site_id, account_id, limit, (page - 1) * limit)
            return Page(tuple(map(_log, rows)), total)

        return await self.database.execute(job)


def _log(row: Record) -> LogRow:
    return LogRow(
        log_id=row["id"],
        instance_id=row["account_instance_id"],
        request_id=row["request_id"],
        action=row["action"],
        status=row["status"],
        error_code=row["error_code"],
        context=read_json(row["context"]),
        created_at=row["created_at"],
    )
