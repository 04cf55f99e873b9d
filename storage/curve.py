"""The equity curve for readers: few points, minima and maxima kept, gaps told.

The curve is read from the coarsest store that is fine enough (hourly or minute roll-ups), and
from finer ones for what is not rolled up yet, or no longer kept fine. Roll-ups know their first
and last sample, so gaps between buckets are exact; one inside a bucket is narrower
than a point.
"""
# ruff: noqa: S608  (queries are put together from texts of this module only)

from datetime import datetime, timedelta
from uuid import UUID

from attrs import frozen

from actors.domain.account import Owner
from actors.domain.deals import FLOW_TYPES, DealType
from actors.domain.history import Curve, CurveFlow, CurveGap, CurvePoint
from actors.domain.money import to_decimal
from storage.exact import shown_always
from storage.life_of import LifeOf, life_of
from storage.postgres import Connection, Database, Record

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_BOUNDS = """
SELECT
    (SELECT max(bucket_at) FROM equity_hours WHERE instance_key = ANY($1::int[])) AS hours_to,
    (SELECT min(bucket_at) FROM equity_minutes WHERE instance_key = ANY($1::int[])) AS minutes_from,
    (SELECT max(bucket_at) FROM equity_minutes WHERE instance_key = ANY($1::int[])) AS minutes_to,
    (SELECT min(recorded_at) FROM equity_samples WHERE instance_key = ANY($1::int[])) AS raw_from
"""
# $1 keys, $2 from, $3 until when hours, $4 until when minutes, $5 to; the spans do not overlap.
_SPANS = """
WITH spans AS (
    SELECT first_at, last_at, balance_last, equity_last, equity_min, equity_max
    FROM equity_hours
    WHERE instance_key = ANY($1::int[]) AND bucket_at >= $2 AND bucket_at < $3
    UNION ALL
    SELECT first_at, last_at, balance_last, equity_last, equity_min, equity_max
    FROM equity_minutes
    WHERE instance_key = ANY($1::int[]) AND bucket_at >= greatest($2, $3) AND bucket_at < $4
    UNION ALL
    SELECT recorded_at, recorded_at, balance, coalesce(equity, balance),
        coalesce(equity_min, equity, balance), coalesce(equity_max, equity, balance)
    FROM equity_samples
    WHERE instance_key = ANY($1::int[]) AND recorded_at >= greatest($2, $4) AND recorded_at <= $5
)
"""
_POINTS = f"""
{_SPANS}
SELECT max(last_at) AS at,
    (array_agg(balance_last ORDER BY last_at DESC))[1] AS balance,
    (array_agg(equity_last ORDER BY last_at DESC))[1] AS equity,
    min(equity_min) AS equity_min, max(equity_max) AS equity_max
FROM spans
GROUP BY least(floor(extract(epoch FROM last_at - $2) / $6::float8), $7::int - 1)
ORDER BY at
"""
_GAPS = f"""
{_SPANS}
SELECT from_at, to_at FROM (
    SELECT lag(last_at, 1, $6::timestamptz) OVER (ORDER BY first_at) AS from_at, first_at AS to_at
    FROM spans
    UNION ALL
    SELECT coalesce(max(last_at), $6::timestamptz), $5 FROM spans
) between_spans
WHERE extract(epoch FROM to_at - from_at) > $7::float8
ORDER BY to_at - from_at DESC LIMIT $8
"""

_FLOWS = """
SELECT occurred_at, type, profit FROM deals
WHERE life_id = $1 AND occurred_at >= $2 AND occurred_at <= $3 AND type = ANY($4::int[])
    AND gone_at IS NULL
ORDER BY occurred_at DESC, ticket DESC LIMIT $5
"""


@frozen
class Curves:
    """Curves from the database."""

    database: Database

    async def curve(
        self,
        owner: Owner,
        account_id: UUID,
        instance_id: UUID | None,
        *,
        from_at: datetime,
        to_at: datetime,
        points: int,
        promise_seconds: float,
    ) -> Curve | None:
        """The life's curve in [from_at, to_at], at most ``points`` points, gaps and flows.

        A gap is a span without a sample longer than ``promise_seconds``; let ``to_at`` be no later
        than now, else the future shows as a gap. None when the account is not the owner's.
        Raises ValueError unless from_at < to_at and points > 0; StoreUnavailable.
        """
        if from_at >= to_at or points < 1:
            raise ValueError("a curve needs from before to, and at least one point")

        async def job(connection: Connection) -> Curve | None:
            life = await life_of(connection, owner, account_id, instance_id)
            if life is None:
                return None
            wanted = _Wanted(from_at, to_at, points, promise_seconds)
            return await _read(connection, life, wanted)

        return await self.database.execute(job)


@frozen
class _Wanted:
    from_at: datetime
    to_at: datetime
    points: int
    promise_seconds: float

    @property
    def width(self) -> float:
        """Seconds of one point."""
        return (self.to_at - self.from_at).total_seconds() / self.points


async def _read(connection: Connection, life: LifeOf, wanted: _Wanted) -> Curve:
    if life.digits is None:
        return Curve((), ())
    keys = list(life.keys)
    bounds = await connection.fetchrow(_BOUNDS, keys)
    assert bounds is not None  # noqa: S101  (a SELECT of scalars always has one row)
    hours_to, minutes_to = _cuts(bounds, wanted)
    spans = (keys, wanted.from_at, hours_to, minutes_to, wanted.to_at)
    points = await connection.fetch(_POINTS, *spans, wanted.width, wanted.points)
    began = max(wanted.from_at, min(life.started_at, wanted.to_at))
    gaps = await connection.fetch(_GAPS, *spans, began, wanted.promise_seconds, wanted.points)
    told = sorted((CurveGap(row["from_at"], row["to_at"]) for row in gaps), key=_from_at)
    types = [int(kind) for kind in FLOW_TYPES]
    span = (wanted.from_at, wanted.to_at)
    flows = await connection.fetch(_FLOWS, life.life_id, *span, types, wanted.points)
    return Curve(
        points=tuple(_point(row, life.digits) for row in points),
        gaps=tuple(told),
        flows=tuple(_flow(row, life.digits) for row in reversed(flows)),
    )


def _flow(row: Record, digits: int) -> CurveFlow:
    kind = DealType(row["type"]).name.lower()
    return CurveFlow(row["occurred_at"], kind, shown_always(row["profit"], digits))


def _from_at(gap: CurveGap) -> datetime:
    return gap.from_at


def _cuts(bounds: Record, wanted: _Wanted) -> tuple[datetime, datetime]:
    """Until when to read hours, and then minutes; raw samples answer after that.

    Wide points read roll-ups as far as they go, narrow ones only where nothing finer is kept.
    """
    hours_to = minutes_to = wanted.from_at
    if bounds["hours_to"] is not None:
        kept = bounds["minutes_from"] or bounds["raw_from"]
        coarse = wanted.width >= _HOUR.total_seconds() or kept is None
        hours_to = bounds["hours_to"] + _HOUR if coarse else _hour_of(kept)
    if bounds["minutes_to"] is not None:
        coarse = wanted.width >= _MINUTE.total_seconds() or bounds["raw_from"] is None
        minutes_to = bounds["minutes_to"] + _MINUTE if coarse else _hour_of(bounds["raw_from"])
    return hours_to, max(hours_to, minutes_to)


def _hour_of(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _point(row: Record, digits: int) -> CurvePoint:
    names = ("balance", "equity", "equity_min", "equity_max")
    return CurvePoint(row["at"], *(to_decimal(row[name], digits) for name in names))
