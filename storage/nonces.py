"""Signature nonces: each may be used once, and that is kept in the database itself."""

from datetime import datetime

from attrs import frozen

from storage.postgres import Connection, Database

_CLAIM = """
INSERT INTO s2s_nonces (key_id, nonce, expires_at) VALUES ($1, $2, $3)
ON CONFLICT (key_id, nonce) DO NOTHING RETURNING true
"""


@frozen
class PostgresNonces:
    """Durable single use of nonces under a unique key; the unique index is the only judge."""

    database: Database

    async def claim(self, key_id: str, nonce: str, expires_at: datetime) -> bool:
        """True the first time, False when seen.

        Raises StoreUnavailable: then nobody may act, since the claim's outcome is unknown.
        """

        async def job(connection: Connection) -> bool:
            return await connection.fetchval(_CLAIM, key_id, nonce, expires_at) is not None

        return await self.database.execute(job)

    async def purge(self, before: datetime) -> int:
        """Forget nonces that expired before ``before``; returns how many."""

        async def job(connection: Connection) -> int:
            return rows_of(
                await connection.execute("DELETE FROM s2s_nonces WHERE expires_at < $1", before)
            )

        return await self.database.execute(job)


def rows_of(command_tag: str) -> int:
    """Return the number of rows that a command tag such as ``DELETE 12`` tells."""
    return int(command_tag.rsplit(" ", 1)[-1])
