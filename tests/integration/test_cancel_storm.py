"""The cancel storm: callers that give up and a server that crashes never wedge the workers."""

import os
import random
import signal

import pytest
import trio

from actors.ports import StoreUnavailable
from storage.postgres import Connection, Database
from supervisor.embedded import EmbeddedPostgres

_CALLERS = 20
_STORE = """
    WITH new AS (INSERT INTO storm (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id)
    INSERT INTO storm_halves (id) SELECT id FROM new
"""


async def _storm(database: Database, numbers: range, acknowledged: set[int]) -> None:
    """Each number is one short transaction whose caller waits 0 to 14 ms.

    One caller in twenty is patient, so that a slow machine acknowledges something too.
    """
    todo = iter(numbers)
    chance = random.Random(1)

    async def caller() -> None:
        for number in todo:

            async def job(connection: Connection, number: int = number) -> None:
                await connection.execute(_STORE, number)

            await trio.sleep(chance.random() * 0.06)  # else only the queue would be measured
            patience = 2.0 if number % 20 == 0 else chance.random() * 0.014
            with trio.move_on_after(patience):
                try:
                    await database.transact(job)
                    acknowledged.add(number)
                except StoreUnavailable:
                    await trio.sleep(0.002)

    async with trio.open_nursery() as nursery:
        for _ in range(_CALLERS):
            nursery.start_soon(caller)


async def _settled(database: Database) -> None:
    """Return when the workers answer again; a wedge runs into the limit."""
    with trio.fail_after(30):
        while True:
            try:
                return await database.execute(lambda line: line.fetchval("SELECT 1"))
            except StoreUnavailable:
                await trio.sleep(0.05)


async def test_storm_with_a_crash_of_the_server(
    postgres_server: EmbeddedPostgres, postgres_dsn: str, faults: bool
) -> None:
    """No crash, no wedge, nothing acknowledged is lost, nothing is half written or doubled."""
    total = 10_000 if faults else 600
    acknowledged: set[int] = set()
    database = Database(postgres_dsn, workers=3, job_timeout=1.0, wait_timeout=5.0)
    async with trio.open_nursery() as nursery:
        await nursery.start(database.run)
        await database.execute(lambda c: c.execute("CREATE TABLE storm (id INT PRIMARY KEY)"))
        await database.execute(lambda c: c.execute("CREATE TABLE storm_halves (id INT)"))
        async with trio.open_nursery() as storm:
            storm.start_soon(_storm, database, range(total), acknowledged)
            await trio.sleep(0.15)
            await trio.to_thread.run_sync(lambda: postgres_server.restart(immediate=True))
        await _settled(database)
        stored = {row["id"] for row in await database.execute(lambda c: c.fetch("TABLE storm"))}
        halves = [
            row["id"] for row in await database.execute(lambda c: c.fetch("TABLE storm_halves"))
        ]
        assert acknowledged, "the storm acknowledged nothing: it proves nothing"
        assert len(acknowledged) < total, "no caller gave up: it proves nothing"
        assert acknowledged <= stored
        assert sorted(halves) == sorted(stored)
        await _storm(database, range(total), acknowledged)
        await _settled(database)
        again = [
            row["id"] for row in await database.execute(lambda c: c.fetch("TABLE storm_halves"))
        ]
        assert len(again) == len(set(again))
        nursery.cancel_scope.cancel()


async def test_a_frozen_backend_costs_one_worker_its_connection(postgres_dsn: str) -> None:
    """A backend that stops answering is left behind at the time limit, and the next job works."""
    database = Database(postgres_dsn, workers=1, job_timeout=0.4, wait_timeout=5.0)
    async with trio.open_nursery() as nursery:
        await nursery.start(database.run)
        pid = await database.execute(lambda line: line.fetchval("SELECT pg_backend_pid()"))
        os.kill(pid, signal.SIGSTOP)
        try:
            with trio.fail_after(10), pytest.raises(StoreUnavailable):
                await database.transact(lambda line: line.fetchval("SELECT 1"))
            with trio.fail_after(10):
                other = await database.execute(
                    lambda line: line.fetchval("SELECT pg_backend_pid()")
                )
        finally:
            os.kill(pid, signal.SIGCONT)
        assert other != pid
        nursery.cancel_scope.cancel()


async def test_programming_errors_are_told_and_do_not_spoil_the_worker(postgres_dsn: str) -> None:
    """A wrong statement raises its own error; the next job runs on a fresh connection."""
    database = Database(postgres_dsn, workers=1)
    async with trio.open_nursery() as nursery:
        await nursery.start(database.run)
        with pytest.raises(Exception, match="does not exist") as told:
            await database.execute(lambda line: line.fetchval("SELECT nothing_such"))
        assert not isinstance(told.value, StoreUnavailable)
        assert await database.execute(lambda line: line.fetchval("SELECT 1")) == 1
        assert database.health.healthy
        nursery.cancel_scope.cancel()


async def test_without_a_server_or_workers_the_store_is_unavailable() -> None:
    """A refused connection and workers that do not run are both StoreUnavailable."""
    database = Database("postgresql://nobody@127.0.0.1:1/none", workers=1)
    with pytest.raises(StoreUnavailable):
        await database.execute(lambda line: line.fetchval("SELECT 1"))
    async with trio.open_nursery() as nursery:
        await nursery.start(database.run)
        with pytest.raises(StoreUnavailable):
            await database.execute(lambda line: line.fetchval("SELECT 1"))
        assert not database.health.healthy
        nursery.cancel_scope.cancel()
