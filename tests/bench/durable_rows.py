"""Durable writes: syncs through the batcher against one transaction or one insert per sync.

Run ``python -m tests.bench.durable_rows``; fsync is on, the server is embedded.
"""

import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import trio
from attrs import evolve, frozen

from actors.domain.account import AccountInstance
from storage import sync_rows
from storage.accounts import PostgresAccounts
from storage.batcher import Batcher
from storage.leases import PostgresLeases
from storage.migrations.migrate import migrate
from storage.plans import PostgresPlans
from storage.postgres import Database
from storage.sync_unit import write_units
from supervisor.embedded import EmbeddedPostgres
from tests.store_builders import NOON, PLAN, new_account, unit

_ACCOUNTS = 1000
_ROUNDS = 8
_SEED = """
    CREATE TABLE seed_equity (id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
        account_instance_id UUID NOT NULL REFERENCES account_instances (id),
        balance NUMERIC(15,2) NOT NULL, equity NUMERIC(15,2) NOT NULL,
        margin NUMERIC(15,2) DEFAULT 0, free_margin NUMERIC(15,2) DEFAULT 0,
        recorded_at TIMESTAMPTZ NOT NULL, created_at TIMESTAMPTZ DEFAULT now());
    CREATE INDEX ON seed_equity (account_instance_id);
    CREATE INDEX ON seed_equity (recorded_at);
    CREATE INDEX ON seed_equity (account_instance_id, recorded_at DESC)
"""
_SEED_INSERT = """
    INSERT INTO seed_equity (account_instance_id, balance, equity, recorded_at)
    VALUES ($1, $2, $2, $3)
"""


class _WallClock:
    def now(self) -> datetime:
        return NOON

    def monotonic(self) -> float:
        return time.monotonic()


@frozen
class Fleet:
    """Claimed accounts, readers' connections and the batcher's own."""

    database: Database
    writer: Database
    instances: tuple[AccountInstance, ...]
    fences: dict[Any, int]

    def sync(self, instance: AccountInstance, seq: int) -> Any:
        """A quiet sync: sample, rule state and mirror, no log row."""
        return evolve(unit(instance, self.fences[instance.instance_id], seq), log=())


async def _spread(work: Callable[[AccountInstance], Awaitable[None]], fleet: Fleet) -> None:
    """Do the work for every account, 20 at a time."""

    async def each(chunk: tuple[AccountInstance, ...]) -> None:
        for instance in chunk:
            await work(instance)

    async with trio.open_nursery() as nursery:
        for first in range(20):
            nursery.start_soon(each, fleet.instances[first::20])


async def _fleet(database: Database, writer: Database) -> Fleet:
    await PostgresPlans(database).save(PLAN)
    accounts = PostgresAccounts(database)
    for login in range(_ACCOUNTS):
        await accounts.connect(new_account(login=str(login)))
    node = PostgresLeases(database, _WallClock(), "bench", lease_seconds=600)
    await node.register()
    fences = {lease.instance_id: lease.fence for lease in await node.claim(_ACCOUNTS)}
    instances = tuple(each.instance for each in await accounts.active())
    return Fleet(database, writer, instances, fences)


async def _batched(fleet: Fleet) -> int:
    batcher = Batcher(fleet.writer, most=_ACCOUNTS)

    async def actor(instance: AccountInstance) -> None:
        for seq in range(1, _ROUNDS + 1):
            await batcher.submit(fleet.sync(instance, seq))

    async with trio.open_nursery() as nursery:
        await nursery.start(batcher.run)
        async with trio.open_nursery() as actors:
            for instance in fleet.instances:
                actors.start_soon(actor, instance)
        await batcher.drain()
    return _ACCOUNTS * _ROUNDS


async def _one_transaction_each(fleet: Fleet) -> int:
    async def work(instance: AccountInstance) -> None:
        one = fleet.sync(instance, _ROUNDS + 1)
        await fleet.database.execute(lambda line: write_units(line, [one]))

    await _spread(work, fleet)
    return _ACCOUNTS


async def _one_insert_each(fleet: Fleet) -> int:
    async def work(instance: AccountInstance) -> None:
        row = (instance.instance_id, Decimal("100000.10"), NOON)
        await fleet.database.execute(lambda line: line.execute(_SEED_INSERT, *row))

    await _spread(work, fleet)
    return _ACCOUNTS


async def _rows_only(fleet: Fleet) -> int:
    rows = [
        (instance.instance_key, NOON + timedelta(days=1, seconds=second), *[10**7] * 7, "observed")
        for instance in fleet.instances
        for second in range(20)
    ]
    arrays = sync_rows.columns(rows)
    await fleet.writer.execute(lambda line: line.execute(sync_rows.SAMPLES.sql(), *arrays))
    return len(rows)


async def _measure(dsn: str) -> None:
    database, writer = Database(dsn, workers=4), Database(dsn, workers=1)
    async with trio.open_nursery() as nursery:
        await nursery.start(database.run)
        await nursery.start(writer.run)
        fleet = await _fleet(database, writer)
        await database.execute(lambda line: line.execute(_SEED))
        for name, work in (
            ("full syncs through the batcher", _batched),
            ("full syncs, one transaction each, 4 connections", _one_transaction_each),
            ("seed's table, one insert per sync, 4 connections", _one_insert_each),
            ("sample rows, one statement", _rows_only),
        ):
            start, cpu = time.perf_counter(), time.process_time()
            done = await work(fleet)
            seconds, used = time.perf_counter() - start, time.process_time() - cpu
            print(f"{name}: {done / seconds:,.0f}/s, {1e6 * used / done:.0f} us CPU each")
        nursery.cancel_scope.cancel()


def main() -> None:
    """Print each rate and its CPU."""
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedPostgres(Path(folder))
        with server:
            migrate(server.dsn)
            trio.run(_measure, server.dsn)
        server.erase()


if __name__ == "__main__":
    main()
