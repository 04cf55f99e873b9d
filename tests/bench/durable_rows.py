"""Durable writes: syncs through the batcher against one transaction or one insert per sync.

fsync is on, the server is embedded. The reference is the seed's table with its indexes, one
committed insert per sync, in the same run.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import trio
from attrs import evolve, frozen

from actors.domain.account import AccountInstance
from actors.domain.money import to_decimal
from storage import sync_rows
from storage.accounts import PostgresAccounts
from storage.batcher import Batcher
from storage.leases import PostgresLeases
from storage.migrations.migrate import migrate
from storage.plans import PostgresPlans
from storage.postgres import Database
from storage.sync_unit import write_units
from supervisor.embedded import EmbeddedPostgres
from tests.bench.figures import Figure, Goal
from tests.store_builders import NOON, PLAN, new_account, unit

_ACCOUNTS = 1000
_ROUNDS = 8
_BATCH = 500
"""Rows per commit, as many as the batcher writes at once."""

_SNAPSHOTS = 100_000
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


_SEED_ROWS = """
    INSERT INTO seed_equity (account_instance_id, recorded_at, balance, equity, margin, free_margin)
    SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::numeric[], $4::numeric[],
        $5::numeric[], $6::numeric[])
"""
_BYTES_PER_ROW = """
    SELECT sum(pg_total_relation_size(relid)) / (SELECT count(*) FROM equity_samples),
        pg_total_relation_size('seed_equity') / (SELECT count(*) FROM seed_equity)
    FROM pg_partition_tree('equity_samples')
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

    async def insert(self, statement: str, arrays: Sequence[Any]) -> None:
        """One committed statement on the writer's connection."""
        await self.writer.execute(lambda line: line.execute(statement, *arrays))


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


def _batches() -> range:
    """Where each batch of snapshots begins."""
    return range(0, _SNAPSHOTS, _BATCH)


def _moment(number: int) -> datetime:
    """Each account's snapshots are a second apart, a day after its syncs."""
    return NOON + timedelta(days=1, seconds=number // _ACCOUNTS)


def _amounts(number: int) -> tuple[int, int, int, int]:
    """Balance, equity, margin and free margin: every other account holds positions."""
    if number % 2:
        return 10**7, 10**7, 0, 10**7
    equity = 10**7 - number % 99_991
    return 10**7, equity, 201_033, equity - 201_033


async def _rows_batched(fleet: Fleet) -> int:
    for first in _batches():
        rows = [_sample(fleet, number) for number in range(first, first + _BATCH)]
        arrays = sync_rows.columns(rows)
        await fleet.insert(sync_rows.SAMPLES.sql(), arrays)
    return _SNAPSHOTS


def _sample(fleet: Fleet, number: int) -> sync_rows.Row:
    balance, equity, margin, free = _amounts(number)
    key = fleet.instances[number % _ACCOUNTS].instance_key
    return (key, _moment(number), balance, equity, 0, margin, free, equity, equity, "observed")


def _seed_row(fleet: Fleet, number: int) -> sync_rows.Row:
    """The same facts, as the seed stores them."""
    amounts = (to_decimal(amount, 2) for amount in _amounts(number))
    return (fleet.instances[number % _ACCOUNTS].instance_id, _moment(number), *amounts)


async def _seed_rows_batched(fleet: Fleet) -> int:
    for first in _batches():
        rows = [_seed_row(fleet, number) for number in range(first, first + _BATCH)]
        arrays = sync_rows.columns(rows)
        await fleet.insert(_SEED_ROWS, arrays)
    return _SNAPSHOTS


@frozen
class Rate:
    """Committed per second of wall time, and our own CPU for each in microseconds."""

    per_second: float
    cpu_us: float


async def _rate(work: Callable[[Fleet], Awaitable[int]], fleet: Fleet) -> Rate:
    start, cpu = time.perf_counter(), time.process_time()
    done = await work(fleet)
    seconds, used = time.perf_counter() - start, time.process_time() - cpu
    return Rate(done / seconds, 1e6 * used / done)


async def _measure(dsn: str) -> dict[str, Rate]:
    database, writer = Database(dsn, workers=4), Database(dsn, workers=1)
    async with trio.open_nursery() as nursery:
        await nursery.start(database.run)
        await nursery.start(writer.run)
        fleet = await _fleet(database, writer)
        await database.execute(lambda line: line.execute(_SEED))
        rates = {
            "batched": await _rate(_batched, fleet),
            "single": await _rate(_one_transaction_each, fleet),
            "seed": await _rate(_one_insert_each, fleet),
            "rows": await _rate(_rows_batched, fleet),
            "seed_rows": await _rate(_seed_rows_batched, fleet),
        }
        nursery.cancel_scope.cancel()
    return rates


def figures(server: EmbeddedPostgres) -> list[Figure]:
    """Measure in a database of its own on a running server."""
    with psycopg.connect(server.dsn, autocommit=True) as line:
        line.execute("CREATE DATABASE durable")
    dsn = server.dsn_of("durable")
    migrate(dsn)
    with psycopg.connect(dsn) as line:
        line.execute("SELECT ensure_equity_partitions(%s, 1)", (NOON,))  # as maintenance does
    rates = trio.run(_measure, dsn)
    with psycopg.connect(dsn) as line:
        own, seeds = line.execute(_BYTES_PER_ROW).fetchone() or (0, 0)
    batched, single, seed = rates["batched"], rates["single"], rates["seed"]
    rows, seed_rows = rates["rows"], rates["seed_rows"]
    return [
        Figure("reference: insert per sync, seed's table", seed.per_second, "rows/s", digits=0),
        Figure("snapshot rows, 500 a commit", rows.per_second, "rows/s", digits=0),
        Figure(
            "snapshot rows against the reference",
            rows.per_second / seed.per_second,
            "times",
            Goal("≥", 20),
            1,
        ),
        Figure("whole syncs through the batcher", batched.per_second, "syncs/s", digits=0),
        Figure("our CPU for each", batched.cpu_us, "us", digits=0),
        Figure("whole syncs against the reference", batched.per_second / seed.per_second, "times"),
        Figure("whole syncs, a transaction each", single.per_second, "syncs/s", digits=0),
        Figure("bytes per snapshot row, indexes too", float(own), "bytes", digits=0),
        Figure("smaller than the seed's table", float(seeds / own), "times", Goal("≥", 2), 2),
        Figure(
            "faster inserts than the seed's table, both batched",
            rows.per_second / seed_rows.per_second,
            "times",
            Goal("≥", 2),
            1,
        ),
    ]
