"""The history of the brokers' clocks, as bridges found them (MT5 4)."""

from collections.abc import Sequence
from datetime import datetime

from attrs import frozen

from storage.postgres import Connection, Database

_KEEP = """
INSERT INTO server_clocks (server_key, bridge, source, offset_seconds, configured_seconds, seen_at)
SELECT $1::text, $2::text, $3::text, $4::integer, $5::integer, $6::timestamptz
WHERE NOT EXISTS (
    SELECT 1 FROM (
        SELECT source, offset_seconds, configured_seconds FROM server_clocks
        WHERE server_key = $1 AND bridge = $2 ORDER BY id DESC LIMIT 1
    ) AS newest
    WHERE newest.source = $3 AND newest.offset_seconds IS NOT DISTINCT FROM $4
        AND newest.configured_seconds IS NOT DISTINCT FROM $5
)
"""


@frozen
class SeenClock:
    """A server's clock as one bridge saw it. Offsets in seconds ahead of UTC, None = unknown."""

    server: str
    bridge: str
    source: str
    offset_seconds: int | None
    configured_seconds: int | None


@frozen
class ServerClocks:
    """The history in the database; append-only."""

    database: Database

    async def keep(self, seen: Sequence[SeenClock], at: datetime) -> None:
        """Add a row for each that is another one than the newest of its server and bridge.

        Repeating it changes nothing. Raises StoreUnavailable.
        """

        async def job(connection: Connection) -> None:
            for each in seen:
                await connection.execute(
                    _KEEP,
                    each.server.casefold(),
                    each.bridge,
                    each.source,
                    each.offset_seconds,
                    each.configured_seconds,
                    at,
                )

        await self.database.execute(job)
