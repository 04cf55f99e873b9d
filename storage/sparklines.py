"""Sparklines: the equity of many accounts as small pictures, in one query.

Hours answer as far as they are rolled up, then minutes, then raw samples.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from attrs import frozen

from actors.domain.account import Owner
from actors.domain.history import Sparkline
from actors.domain.money import to_decimal
from storage.postgres import Connection, Database

# $1 site, $2 user, $3 accounts, $4 the span's begin, $5 its end, $6 points
_LINES = """
SELECT life.account_id, life.digits, line.at, line.equity
FROM (
    SELECT DISTINCT ON (a.id) a.id AS account_id, i.life_id FROM accounts a
    JOIN account_instances i ON i.account_id = a.id
    WHERE a.site_id = $1 AND a.wp_user_id = $2 AND a.id = ANY($3::uuid[])
    ORDER BY a.id, i.created_at DESC, i.instance_key DESC
) newest
JOIN LATERAL (
    SELECT newest.account_id, max(x.currency_digits) AS digits,
        array_agg(x.instance_key) AS keys, greatest($4, min(x.started_at)) AS since
    FROM account_instances x
    WHERE x.life_id = newest.life_id AND x.account_id = newest.account_id
) life ON life.digits IS NOT NULL AND life.since < $5
JOIN LATERAL (
    SELECT coalesce(max(bucket_at) + interval '1 hour', life.since) AS hours_to
    FROM equity_hours WHERE instance_key = ANY(life.keys) AND bucket_at >= life.since
) h ON true
JOIN LATERAL (
    SELECT greatest(h.hours_to, coalesce(max(bucket_at) + interval '1 minute', h.hours_to))
        AS minutes_to
    FROM equity_minutes WHERE instance_key = ANY(life.keys) AND bucket_at >= life.since
) m ON true
JOIN LATERAL (
    SELECT DISTINCT ON (piece) piece, at, equity FROM (
        SELECT last_at AS at, equity_last AS equity FROM equity_hours
        WHERE instance_key = ANY(life.keys) AND bucket_at >= life.since AND bucket_at < h.hours_to
        UNION ALL
        SELECT last_at, equity_last FROM equity_minutes
        WHERE instance_key = ANY(life.keys) AND bucket_at >= h.hours_to AND bucket_at < m.minutes_to
        UNION ALL
        SELECT recorded_at, coalesce(equity, balance) FROM equity_samples
        WHERE instance_key = ANY(life.keys) AND recorded_at >= m.minutes_to AND recorded_at <= $5
    ) seen
    CROSS JOIN LATERAL (
        SELECT least(floor($6 * extract(epoch FROM seen.at - life.since)
            / extract(epoch FROM $5 - life.since)), $6 - 1) AS piece
    ) placed
    ORDER BY piece, at DESC
) line ON true
ORDER BY life.account_id, line.at
"""


@frozen
class Sparklines:
    """Small equity pictures from the database."""

    database: Database

    async def of(
        self,
        owner: Owner,
        account_ids: Sequence[UUID],
        *,
        to_at: datetime,
        span: timedelta,
        points: int,
    ) -> tuple[Sparkline, ...]:
        """One line for each named account of the owner, of its newest life, oldest point first.

        At most ``points`` points over the last ``span`` before ``to_at``, or since the life's
        start when that is later. An account that was never read has no points; one that is not
        the owner's is left out. Raises StoreUnavailable.
        """
        wanted = list(account_ids)
        who = (owner.site_id, owner.wp_user_id)

        async def job(connection: Connection) -> tuple[Sparkline, ...]:
            own = await connection.fetch(
                "SELECT id FROM accounts WHERE site_id = $1 AND wp_user_id = $2"
                " AND id = ANY($3::uuid[]) ORDER BY id",
                *who,
                wanted,
            )
            rows = await connection.fetch(_LINES, *who, wanted, to_at - span, to_at, points)
            lines = {
                account_id: tuple(
                    (row["at"], to_decimal(row["equity"], row["digits"])) for row in of
                )
                for account_id, of in groupby(rows, key=lambda row: row["account_id"])
            }
            return tuple(Sparkline(row["id"], lines.get(row["id"], ())) for row in own)

        return await self.database.execute(job)
