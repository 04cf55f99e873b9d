"""Batches of syncs in PostgreSQL: every table, refusals that disturb nobody, group commit."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import trio
from attrs import frozen

from actors.domain.account import AccountInstance, InitialBalanceSource
from actors.domain.rule_day import AnchorGrade, Coverage, Level, RuleDay
from actors.domain.snapshot import Side
from actors.domain.state import InitialBalance
from actors.domain.trades import Trade
from actors.ports import Fenced, StaleSync, StoreUnavailable
from storage.accounts import PostgresAccounts
from storage.batcher import Batcher
from storage.leases import PostgresLeases
from storage.plans import PostgresPlans
from storage.postgres import Connection, Database, Record
from storage.sync_unit import write_units
from tests.store_builders import NOON, PLAN, deal, new_account, sample, standing, unit, violation


class _StillClock:
    def now(self) -> datetime:
        return NOON

    def monotonic(self) -> float:
        return 0.0


@frozen
class Owned:
    """A database with accounts of Alice's, all claimed."""

    database: Database
    instances: tuple[AccountInstance, ...]
    fences: dict[Any, int]

    def fence(self, instance: AccountInstance) -> int:
        """The fence under which the instance was claimed."""
        return self.fences[instance.instance_id]

    async def rows(self, query: str, *args: object) -> list[Record]:
        """Look into the tables."""
        return await self.database.execute(lambda line: line.fetch(query, *args))


@pytest.fixture
async def owned(postgres_dsn: str) -> AsyncIterator[Owned]:
    """Three claimed accounts."""
    database = Database(postgres_dsn, workers=2)
    async with trio.open_nursery() as nursery:
        await nursery.start(database.run)
        await PostgresPlans(database).save(PLAN)
        accounts = PostgresAccounts(database)
        for login in ("1", "2", "3"):
            await accounts.connect(new_account(login=login))
        instances = tuple(each.instance for each in await accounts.active())
        node = PostgresLeases(database, _StillClock(), "one")
        await node.register()
        leases = {lease.instance_id: lease.fence for lease in await node.claim(3)}
        yield Owned(database, instances, leases)
        nursery.cancel_scope.cancel()


def _trade() -> Trade:
    return Trade(
        ticket="9",
        position_id=9,
        symbol="EURUSD",
        side=Side.BUY,
        volume=Decimal("0.10"),
        open_volume=Decimal(0),
        opened_at=None,
        closed_at=NOON,
        open_price=None,
        close_price=Decimal("1.08005"),
        profit=1050,
        commission=-7,
        swap=0,
        fee=0,
        deal_tickets=(1, 2),
    )


def _day(worst: int) -> RuleDay:
    return RuleDay(
        rule_id="daily",
        date=NOON.date(),
        revision=0,
        start_at=NOON - timedelta(hours=14),
        end_at=NOON + timedelta(hours=10),
        anchor=10_000_000,
        anchor_balance=None,
        anchor_equity=10_000_000,
        anchor_grade=AnchorGrade.EXACT,
        anchor_source="deals",
        allowance=500_000,
        floor=9_500_000,
        worst=worst,
        worst_used=0,
        worst_at=NOON,
        level=Level.OK,
        flows=0,
        closed_result=1043,
        opened=1,
        closed=1,
        unproven=False,
        coverage=Coverage(flat_seconds=60.5),
    )


async def test_one_sync_writes_every_table_exactly(owned: Owned) -> None:
    """Amounts are exact whole units, the curve's view shows them, and repeating adds no row."""
    instance = owned.instances[0]
    whole = unit(
        instance,
        owned.fence(instance),
        1,
        deals=(deal(1),),
        trades=(_trade(),),
        rule_days=(_day(9_600_000),),
        violations=(violation(),),
        initial_balance=InitialBalance(10_000_010, InitialBalanceSource.ORDER_META, NOON),
    )
    for _ in range(2):
        assert await owned.database.execute(lambda line: write_units(line, [whole])) == [None]
    (trade,) = await owned.rows("SELECT * FROM trades")
    assert (trade["net"], trade["type"], trade["open_time"]) == (Decimal("10.43"), "BUY", None)
    assert trade["deal_tickets"] == [1, 2]
    (curve,) = await owned.rows("SELECT * FROM equity_history")
    assert str(curve["equity"]) == "100000.00"
    assert curve["account_instance_id"] == instance.instance_id
    (day,) = await owned.rows("SELECT * FROM rule_days")
    assert (day["worst"], day["flat_seconds"]) == (Decimal("96000.00"), 60.5)
    (broken,) = await owned.rows("SELECT * FROM rule_violations")
    assert str(broken["current_value"]) == "94999.99"
    assert "9500000" in broken["metadata"]
    balances = await owned.rows(
        "SELECT version, initial_at FROM initial_balances WHERE life_id = $1 ORDER BY 1",
        instance.life_id,
    )
    assert [tuple(row.values()) for row in balances] == [(1, None), (2, NOON)]
    (log,) = await owned.rows("SELECT * FROM connection_logs")
    assert log["status"] == "ok"
    mirror = (await owned.rows("SELECT * FROM account_instances ORDER BY instance_key"))[0]
    assert (mirror["sync_seq"], mirror["currency"]) == (1, "USD")
    assert (mirror["summary"], mirror["standings"]) == (b"{}", b"[]")


async def test_a_rule_day_is_updated_within_its_revision(owned: Owned) -> None:
    """A worse value of the same revision replaces the former one."""
    instance = owned.instances[0]
    for seq, worst in ((1, 9_600_000), (2, 9_550_000)):
        one = unit(instance, owned.fence(instance), seq, rule_days=(_day(worst),))
        await owned.database.execute(lambda line, one=one: write_units(line, [one]))  # type: ignore[misc]
    (day,) = await owned.rows("SELECT worst FROM rule_days")
    assert day["worst"] == Decimal("95500.00")


async def test_refused_units_do_not_disturb_their_batch(owned: Owned) -> None:
    """A fenced and a stale unit are told so while the third of the batch is written."""
    one, two, three = owned.instances
    batch = [
        unit(one, owned.fence(one) - 1, 1),
        unit(two, owned.fence(two), 7),
        unit(three, owned.fence(three), 1),
    ]
    fenced, stale, written = await owned.database.execute(lambda line: write_units(line, batch))
    assert isinstance(fenced, Fenced)
    assert isinstance(stale, StaleSync)
    assert written is None
    rows = await owned.rows("SELECT instance_key FROM equity_samples")
    assert [row["instance_key"] for row in rows] == [three.instance_key]


async def test_a_unit_that_the_database_cannot_take_fails_alone(owned: Owned) -> None:
    """A poisoned unit gets its own error; the others of its batch are committed."""
    good, bad = owned.instances[:2]
    batcher = Batcher(owned.database, flush_seconds=0.05)
    errors: list[Exception] = []

    async def poison() -> None:
        try:
            await batcher.submit(unit(bad, owned.fence(bad), 1, deals=(deal(1, comment="\x00"),)))
        except Exception as error:  # noqa: BLE001  (whatever the driver says)
            errors.append(error)

    async with trio.open_nursery() as nursery:
        await nursery.start(batcher.run)
        async with trio.open_nursery() as callers:
            callers.start_soon(poison)
            callers.start_soon(batcher.submit, unit(good, owned.fence(good), 1))
        await batcher.drain()
    assert len(errors) == 1
    assert not isinstance(errors[0], StoreUnavailable)
    rows = await owned.rows("SELECT instance_key FROM equity_samples")
    assert [row["instance_key"] for row in rows] == [good.instance_key]


async def test_units_together_are_one_commit_and_one_life_waits_its_turn(owned: Owned) -> None:
    """Units of three accounts share a batch; a second one of the same life comes in the next."""
    batcher = Batcher(owned.database, flush_seconds=0.05)
    first = owned.instances[0]
    async with trio.open_nursery() as nursery:
        async with trio.open_nursery() as callers:
            for each in owned.instances:
                callers.start_soon(batcher.submit, unit(each, owned.fence(each), 1))
            callers.start_soon(batcher.submit, standing(first, owned.fence(first)))
            await trio.sleep(0.01)
            await nursery.start(batcher.run)
        counts = batcher.counts
        await batcher.drain()
    assert (counts.batches, counts.units, counts.refused, counts.waiting) == (2, 4, 0, 0)


async def test_draining_writes_what_waits_and_takes_no_more(owned: Owned) -> None:
    """Units submitted before the drain are committed, later ones are StoreUnavailable."""
    batcher = Batcher(owned.database, flush_seconds=0.2)
    each = owned.instances[0]
    async with trio.open_nursery() as nursery:
        await nursery.start(batcher.run)
        nursery.start_soon(batcher.submit, unit(each, owned.fence(each), 1))
        await trio.sleep(0.01)
        await batcher.drain()
        with pytest.raises(StoreUnavailable):
            await batcher.submit(unit(each, owned.fence(each), 2))
    assert len(await owned.rows("SELECT 1 FROM equity_samples")) == 1


async def test_without_an_answer_every_waiting_unit_is_unavailable(owned: Owned) -> None:
    """When the database refuses, the outcome is told as unknown and the unit can be repeated."""
    batcher = Batcher(Database("postgresql://nobody@127.0.0.1:1/none", workers=1))
    each = owned.instances[0]
    async with trio.open_nursery() as nursery:
        await nursery.start(batcher.run)
        with pytest.raises(StoreUnavailable):
            await batcher.submit(unit(each, owned.fence(each), 1))
        nursery.cancel_scope.cancel()
    assert await owned.rows("SELECT 1 FROM equity_samples") == []


async def test_months_are_made_ahead_rolled_up_and_dropped(owned: Owned) -> None:
    """A stray sample moves to its month's partition, roll-ups keep its extremes, months drop."""
    instance = owned.instances[0]
    old = datetime(2031, 5, 31, 23, 59, 30, tzinfo=UTC)
    for seq, at, equity in ((1, old, 100), (2, old + timedelta(seconds=20), 90)):
        one = unit(instance, owned.fence(instance), seq, sample=sample(at, equity))
        await owned.database.execute(lambda line, one=one: write_units(line, [one]))  # type: ignore[misc]

    async def maintain(line: Connection) -> None:
        await line.execute("SELECT ensure_equity_partitions($1, 1)", old)
        for _ in range(2):
            await line.execute(
                "SELECT roll_up_equity($1, $2)",
                old - timedelta(hours=1),
                old + timedelta(hours=1),
            )

    await owned.database.execute(maintain)
    assert len(await owned.rows("SELECT 1 FROM equity_samples_2031_05")) == 2
    for table in ("equity_minutes", "equity_hours"):
        (row,) = await owned.rows(f"SELECT * FROM {table}")
        assert (row["samples"], row["equity_min"], row["equity_max"]) == (2, 90, 100)
        assert (row["equity_last"], row["last_at"]) == (90, old + timedelta(seconds=20))
    june = datetime(2031, 6, 1, tzinfo=UTC)
    await owned.rows("SELECT drop_equity_before($1, $2)", june - timedelta(seconds=1), NOON)
    assert len(await owned.rows("SELECT 1 FROM equity_samples")) == 2
    await owned.rows("SELECT drop_equity_before($1, $2)", june, NOON)
    assert await owned.rows("SELECT 1 FROM equity_samples") == []
    assert len(await owned.rows("SELECT 1 FROM equity_hours")) == 1


async def test_violations_cannot_be_changed(owned: Owned) -> None:
    """Evidence may be erased, nothing else may be touched."""
    instance = owned.instances[0]
    one = unit(instance, owned.fence(instance), 1, violations=(violation(),))
    await owned.database.execute(lambda line: write_units(line, [one]))
    for statement in (
        "UPDATE rule_violations SET severity = 'warning'",
        "DELETE FROM rule_violations",
    ):
        with pytest.raises(Exception, match="append-only"):
            await owned.rows(statement)
    await owned.rows("UPDATE rule_violations SET metadata = NULL")
