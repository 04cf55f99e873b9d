"""The stored curve of a life from its finest stores, page by page (DESIGN 4: samples, roll-ups).

Where raw samples are no longer kept minutes answer, and before those hours.
"""
# ruff: noqa: S608  (queries are put together from texts of this module only)

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from attrs import frozen

from actors.domain.backtest.facts import Bucket

Ask: TypeAlias = Callable[[str, Sequence[object]], list[tuple[Any, ...]]]
"""Runs one query with its parameters ($1 …) in a short transaction and returns all rows."""

_PAGE = 20_000
_EVER = datetime(9999, 1, 1, tzinfo=UTC)
_BEGIN = datetime(1, 1, 1, tzinfo=UTC)
_EDGES = """
SELECT (SELECT min(recorded_at) FROM equity_samples WHERE instance_key = ANY($1::int[])),
       (SELECT min(first_at) FROM equity_minutes WHERE instance_key = ANY($1::int[]))
"""


@frozen
class _Store:
    """One store of the curve: its table, and the columns that make a bucket and its place."""

    table: str
    place: str
    columns: str


_ROLLED = "first_at, last_at, balance_last, equity_last, equity_min, equity_max"
_HOURS = _Store("equity_hours", "bucket_at", _ROLLED)
_MINUTES = _Store("equity_minutes", "bucket_at", _ROLLED)
_RAW = _Store(  # null equity: the balance; null extremes: the equity
    "equity_samples",
    "recorded_at",
    "recorded_at, recorded_at, balance, coalesce(equity, balance), "
    "coalesce(equity_min, equity, balance), coalesce(equity_max, equity, balance)",
)


def buckets(ask: Ask, keys: Sequence[int]) -> Iterator[Bucket]:
    """The curve of the instances with these keys, in order of time; a page at most in memory."""
    own = list(keys)
    ((raw_from, minutes_from),) = ask(_EDGES, (own,))
    raw_from = raw_from or _EVER
    minutes_from = min(raw_from, minutes_from or _EVER)
    yield from _pages(ask, _HOURS, own, minutes_from)
    yield from _pages(ask, _MINUTES, own, raw_from)
    yield from _pages(ask, _RAW, own, _EVER)


def _pages(ask: Ask, store: _Store, keys: list[int], before: datetime) -> Iterator[Bucket]:
    """Buckets that end before ``before``."""
    query = f"""
        SELECT {store.place}, instance_key, {store.columns} FROM {store.table}
        WHERE instance_key = ANY($1::int[]) AND {store.place} < $2
            AND ({store.place}, instance_key) > ($3, $4)
        ORDER BY {store.place}, instance_key LIMIT {_PAGE}
    """
    place, key = _BEGIN, 0
    while rows := ask(query, (keys, before, place, key)):
        for row in rows:
            bucket = Bucket._make(row[2:])
            if bucket.last_at < before:
                yield bucket
        place, key = rows[-1][:2]
        if len(rows) < _PAGE:
            return
