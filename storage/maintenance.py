"""Recurring care of the database: partitions ahead, roll-ups, retention.

One call does what is due and can be repeated or interrupted at any point: the roll-ups' mark is
moved only behind finished work, and raw samples are dropped only where the mark has passed.
"""

from datetime import datetime, timedelta
from typing import Any

from attrs import frozen

from storage.nonces import rows_of
from storage.postgres import Connection, Database

_ROLLED = "equity_rolled_up"
_STEP = timedelta(hours=1)
_LATE = timedelta(hours=2)  # samples may still arrive this late: roll up again
_BATCH = 5_000
_READ_MARK = "SELECT done_to FROM maintenance_marks WHERE name = $1"
_OLDEST = "SELECT min(recorded_at) FROM equity_samples"
_MARK = """
INSERT INTO maintenance_marks (name, done_to) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET done_to = greatest(maintenance_marks.done_to, excluded.done_to)
"""
# Tables whose rows expire; a code or a nonce is of no use a while after its own expiry.
_EXPIRED = {
    "nonces": ("s2s_nonces", "expires_at", timedelta(minutes=11)),
    "idempotency": ("idempotency", "expires_at", timedelta(0)),
    "codes": ("login_codes", "expires_at", timedelta(hours=1)),
    "export_tickets": ("export_tickets", "expires_at", timedelta(hours=1)),
    "exports": ("exports", "expires_at", timedelta(days=1)),
    "commands": ("account_commands", "deadline_at", timedelta(days=1)),
}


@frozen
class Retention:
    """How long things are kept. Hourly roll-ups and rule days are kept for ever."""

    raw_samples: timedelta = timedelta(days=35)
    minutes: timedelta = timedelta(days=400)
    logs: timedelta = timedelta(days=30)
    months_ahead: int = 3


@frozen
class Care:
    """What one round did, by name: rows purged, partitions made and dropped, steps rolled up."""

    partitions_made: int
    months_dropped: int
    roll_up_steps: int
    logs_dropped: int
    purged: dict[str, int]


async def maintain(database: Database, now: datetime, retention: Retention | None = None) -> Care:
    """Do one round of care; call it hourly from one place. Raises StoreUnavailable.

    Two nodes doing it at once write the same rows, which is wasteful but harmless.
    """
    kept = retention or Retention()
    made = await _value(database, "SELECT ensure_equity_partitions($1, $2)", now, kept.months_ahead)
    rolled_to, steps = await roll_up(database, now)
    raw_before = min(now - kept.raw_samples, rolled_to)
    dropped = await _value(
        database, "SELECT drop_equity_before($1, $2)", raw_before, now - kept.minutes
    )
    logs = await _value(database, "SELECT drop_logs_before($1)", now - kept.logs)
    purged = {name: await _purge(database, *what, now) for name, what in _EXPIRED.items()}
    return Care(made, dropped, steps, logs, purged)


async def roll_up(database: Database, now: datetime) -> tuple[datetime, int]:
    """Roll up all whole hours since the mark, and the late ones before it.

    Returns until when all is rolled up, and how many steps it took.
    """
    end = now.replace(minute=0, second=0, microsecond=0)
    mark = await _value(database, _READ_MARK, _ROLLED)
    start = mark - _LATE if mark is not None else await _value(database, _OLDEST)
    if start is None:
        return end, 0
    at, steps = start.replace(minute=0, second=0, microsecond=0), 0
    while at < end:
        at, steps = await _roll(database, at, min(at + _STEP, end)), steps + 1
    return end, steps


async def _roll(database: Database, from_at: datetime, to_at: datetime) -> datetime:
    async def job(connection: Connection) -> None:
        await connection.execute("SELECT roll_up_equity($1, $2)", from_at, to_at)
        await connection.execute(_MARK, _ROLLED, to_at)

    await database.transact(job)
    return to_at


async def _purge(
    database: Database, table: str, column: str, grace: timedelta, now: datetime
) -> int:
    """Delete expired rows in batches, so that no lock is held for long."""
    query = (
        f"DELETE FROM {table} WHERE ctid = ANY(ARRAY("  # noqa: S608  (names of this module)
        f"SELECT ctid FROM {table} WHERE {column} < $1 LIMIT {_BATCH}))"
    )

    async def job(connection: Connection) -> int:
        return rows_of(await connection.execute(query, now - grace))

    gone = total = await database.execute(job)
    while gone == _BATCH:
        gone = await database.execute(job)
        total += gone
    return total


async def _value(database: Database, query: str, *args: object) -> Any:
    async def job(connection: Connection) -> Any:
        return await connection.fetchval(query, *args)

    return await database.execute(job)
