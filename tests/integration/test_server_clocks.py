"""The history of the brokers' clocks in PostgreSQL."""

from datetime import UTC, datetime, timedelta

import trio
from attrs import evolve

from storage.postgres import Database
from storage.server_clocks import SeenClock, ServerClocks
from tests.integration.checks import rows

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
SEEN = SeenClock("Broker-Live", "left", "detected", 7200, 7200)


async def test_every_change_is_kept_once(postgres_dsn: str, nursery: trio.Nursery) -> None:
    """A row for each change of offset, source or configured offset, each bridge for itself; what
    is seen again makes none, and what comes back makes a new one.
    """
    database = Database(postgres_dsn)
    await nursery.start(database.run)
    history = ServerClocks(database)
    told = [
        SEEN,
        SEEN,
        evolve(SEEN, bridge="right"),
        evolve(SEEN, offset_seconds=10_800),
        evolve(SEEN, offset_seconds=None, source="unknown"),
        evolve(SEEN, offset_seconds=None, source="unknown"),
        evolve(SEEN, configured_seconds=None),
        SEEN,
    ]
    for minute, each in enumerate(told):
        await history.keep([each], NOON + timedelta(minutes=minute))
    found = rows(postgres_dsn, "SELECT * FROM server_clocks ORDER BY id")
    assert [(row["seen_at"] - NOON).total_seconds() / 60 for row in found] == [0, 2, 3, 4, 6, 7]
    assert {row["server_key"] for row in found} == {"broker-live"}
    assert [row["offset_seconds"] for row in found] == [7200, 7200, 10_800, None, 7200, 7200]
