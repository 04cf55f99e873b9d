"""Equity curves and sparklines: few points, nothing hidden, roll-ups tell the same."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
import trio

from actors.domain.history import CurveFlow, CurveGap, Sparkline
from storage.curve import Curves
from storage.maintenance import maintain
from storage.postgres import Connection, Database
from storage.sparklines import Sparklines
from tests.integration.alice import ACCOUNT, ALICE, LIFE, MALLORY, NOW, fill


@pytest.fixture
async def database(postgres_dsn: str, nursery: trio.Nursery) -> Database:
    """A database with Alice's account."""
    database = Database(postgres_dsn)
    await nursery.start(database.run)
    await database.transact(fill)
    return database


async def sample(database: Database, *seconds: float, low: int = 0) -> None:
    """Store equity samples at these seconds after noon."""

    async def job(connection: Connection) -> None:
        for second in seconds:
            equity = 10_000_000 + int(second)
            await connection.execute(
                "INSERT INTO equity_samples (recorded_at, balance, equity, equity_min,"
                " instance_key) SELECT $1, 10000000, $2, $3, instance_key FROM account_instances",
                NOW + timedelta(seconds=second),
                equity,
                equity - low,
            )

    await database.execute(job)


async def test_curve(database: Database) -> None:
    """Few points keep the minimum, and spans longer than the promise are gaps."""
    await sample(database, *range(0, 600, 10))
    await sample(database, 1205, low=777)
    curve = await Curves(database).curve(
        ALICE,
        ACCOUNT,
        None,
        from_at=NOW,
        to_at=NOW + timedelta(seconds=1210),
        points=10,
        promise_seconds=60,
    )
    assert curve is not None
    assert len(curve.points) <= 10
    low = min(point.equity_min for point in curve.points)
    assert low == Decimal("100000.00")
    assert min(curve.points[-1].equity_min, curve.points[-1].equity) == Decimal("100004.28")
    gap = CurveGap(NOW + timedelta(seconds=590), NOW + timedelta(seconds=1205))
    assert curve.gaps == (gap,)


async def test_roll_ups_tell_the_same_extremes(database: Database) -> None:
    """Maintenance can run twice, and the rolled-up curve keeps the extremes of the raw one."""
    await sample(database, *range(0, 7200, 60), low=5)
    asked: Any = {"from_at": NOW, "to_at": NOW + timedelta(hours=40)}
    curves = Curves(database)
    asked |= {"points": 20, "promise_seconds": 300}
    raw = await curves.curve(ALICE, ACCOUNT, None, **asked)
    assert (await maintain(database, NOW + timedelta(hours=5))).roll_up_steps == 5
    assert (await maintain(database, NOW + timedelta(hours=5))).roll_up_steps == 2
    assert await curves.curve(ALICE, ACCOUNT, None, **asked) == raw
    late = await maintain(database, NOW + timedelta(days=70))
    assert late.months_dropped >= 1
    assert late.logs_dropped >= 0
    assert await curves.curve(ALICE, ACCOUNT, None, **asked) == raw


async def test_flows_are_told_trades_and_gone_deals_are_not(database: Database) -> None:
    """Deposits and withdrawals inside the span, oldest first, with the currency's digits."""
    deals = (
        (1, 2, 30, "100000"),
        (2, 2, 90, "-250.5"),
        (3, 0, 60, "12.34"),
        (4, 3, 70, "5"),
        (5, 2, 50, "77"),
        (6, 2, 7000, "1"),
    )

    async def store(connection: Connection) -> None:
        for ticket, kind, second, profit in deals:
            await connection.execute(
                "INSERT INTO deals (life_id, ticket, instance_key, position_id, order_ticket, type,"
                " entry, reason, symbol, volume, price, profit, commission, swap, fee, broker_msc,"
                " occurred_at, gone_at) SELECT $1, $2, instance_key, 0, 0, $3, 0, 0, '', 0, 0, $4,"
                " 0, 0, 0, 0, $5, $6 FROM account_instances",
                *(LIFE, ticket, kind, Decimal(profit), NOW + timedelta(seconds=second)),
                NOW if ticket == 5 else None,
            )

    await database.execute(store)
    span: Any = {"from_at": NOW, "to_at": NOW + timedelta(hours=1)}
    curve = await Curves(database).curve(
        ALICE, ACCOUNT, None, **span, points=10, promise_seconds=60
    )
    assert curve is not None
    assert curve.flows == (
        CurveFlow(NOW + timedelta(seconds=30), "balance", Decimal("100000.00")),
        CurveFlow(NOW + timedelta(seconds=90), "balance", Decimal("-250.50")),
    )
    assert str(curve.flows[1].amount) == "-250.50"


async def lines(database: Database, *asked: UUID, hours: float, points: int) -> Sequence[Sparkline]:
    """Alice's sparklines of these accounts, some hours after noon."""
    rows, to_at = Sparklines(database), NOW + timedelta(hours=hours)
    return await rows.of(ALICE, asked, to_at=to_at, span=timedelta(days=7), points=points)


async def test_a_sparkline_holds_the_last_value_of_each_piece(database: Database) -> None:
    """Equal pieces of the life so far; the last known equity of each, exact."""
    await sample(database, *range(0, 7200, 60))
    (line,) = await lines(database, ACCOUNT, hours=2, points=4)
    assert line.account_id == ACCOUNT
    expected = [
        (NOW + timedelta(seconds=s), Decimal(10_000_000 + s) / 100)
        for s in (1740, 3540, 5340, 7140)
    ]
    assert list(line.points) == expected


async def test_a_sparkline_is_the_same_rolled_up(database: Database) -> None:
    """Hours, minutes and raw samples together tell what raw samples alone told."""
    await sample(database, *range(0, 7 * 3600, 60))
    raw = await lines(database, ACCOUNT, hours=7, points=7)
    assert (await maintain(database, NOW + timedelta(hours=5))).roll_up_steps > 0
    assert await lines(database, ACCOUNT, hours=7, points=7) == raw


async def test_sparklines_are_the_owners_only(database: Database) -> None:
    """Another's account and an unknown one are left out alike; one never read has no points."""
    (line,) = await lines(database, ACCOUNT, uuid4(), hours=1, points=4)
    assert line == Sparkline(ACCOUNT, ())
    await sample(database, 1)
    span: Any = {"to_at": NOW + timedelta(hours=1), "span": timedelta(days=7), "points": 4}
    assert await Sparklines(database).of(MALLORY, [ACCOUNT], **span) == ()
