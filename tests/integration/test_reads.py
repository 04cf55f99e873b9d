"""Readers get their own history exactly, and nobody else's at all."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
import trio
from attrs import evolve

from actors.domain.account import Owner, Status
from actors.domain.history import AccountFilter, CurveGap, TradeFilter, TradePage
from actors.domain.rule_day import Coverage
from storage.account_rows import AccountRows
from storage.audit_log import PostgresAuditLog
from storage.curve import Curves
from storage.day_rows import DayRows
from storage.deal_rows import DealRows
from storage.discrepancies import Discrepancies
from storage.leases import PostgresLeases
from storage.log_rows import LogRows
from storage.maintenance import maintain
from storage.postgres import Connection, Database
from storage.privacy import Privacy
from storage.rotation import Rotated, count_by_key, rotate
from storage.trade_rows import TradeRows
from storage.vault import Context, Vault
from storage.violations import Violations

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALICE, MALLORY = Owner("shop", 1), Owner("shop", 2)
ACCOUNT, INSTANCE, LIFE, BREACH = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)
VAULT = Vault({"k1": bytes(range(32)), "k2": bytes(range(130, 162))}, "k1", bytes(range(200, 232)))
CONTEXT = Context(INSTANCE, "501", "Demo_Server")


class Noon:
    """A clock that stands at noon."""

    def now(self) -> datetime:
        """Noon."""
        return NOW

    def monotonic(self) -> float:
        """Nothing passes."""
        return 0.0


async def fill(connection: Connection) -> None:
    """One account of Alice's: 23 trades, 3 of them open, a rule day in two revisions, a breach."""
    run = connection.execute
    await run(
        "INSERT INTO plans (content_hash, name, version, document) VALUES ($1, 'two', 1, '')",
        "a" * 64,
    )
    await run(
        "INSERT INTO accounts (id, site_id, wp_user_id, login, server, login_key, account_type,"
        " order_id, created_at)"
        " VALUES ($1, 'shop', 1, '501', 'Demo_Server', 'k', 'two', 'o-9', $2)",
        ACCOUNT,
        NOW,
    )
    await run("INSERT INTO rule_state (life_id, account_id) VALUES ($1, $2)", LIFE, ACCOUNT)
    await run(
        "INSERT INTO account_instances (id, account_id, life_id, hash_id, encrypted_investor_pass,"
        " reason, plan_name, plan_hash, started_at, created_at, currency, currency_digits)"
        " VALUES ($1, $2, $3, 'h', $4, 'connect', 'two', $5, $6, $6, 'USD', 2)",
        INSTANCE,
        ACCOUNT,
        LIFE,
        VAULT.seal("investor-canary", CONTEXT),
        "a" * 64,
        NOW,
    )
    for n in range(23):
        closed = None if n >= 20 else NOW + timedelta(hours=n % 7)
        await run(
            "INSERT INTO trades (account_instance_id, life_id, ticket, position_id, symbol, type,"
            " open_time, close_time, open_price, lots, open_lots, profit)"
            " VALUES ($1, $2, $3, $4, $5, 'BUY', $6, $7, 1.10000, 0.015, 0, $8)",
            INSTANCE,
            LIFE,
            str(n),
            n,
            "EURUSD" if n % 2 else "XAUUSD",
            NOW + timedelta(minutes=n % 5),
            closed,
            Decimal(n % 4) - Decimal("1.5"),
        )
    for revision in (1, 2):
        await run(
            "INSERT INTO rule_days (life_id, rule_id, rule_date, revision, account_instance_id,"
            " start_at, end_at, anchor, anchor_grade, anchor_source, level, flows, closed_result,"
            " opened, closed, unproven, flat_seconds, reconstructed_seconds, sampled_seconds,"
            " unknown_seconds) VALUES ($1, 'daily', '2026-03-01', $2, $3, $4, $4, 100000.5,"
            " 'exact', '', 'ok', 0, 1, 0, 0, false, 1, 2, 3, 4)",
            LIFE,
            revision,
            INSTANCE,
            NOW,
        )
    await run(
        "INSERT INTO rule_violations (id, account_instance_id, life_id, rule_id, rule_type,"
        " rule_date, threshold_value, current_value, severity, verdict, grade, is_primary,"
        " occurred_at, observed_at, metadata) VALUES ($1, $2, $3, 'daily', 'daily_loss',"
        " '2026-03-01', 95000, 94999.99, 'breach', 'hard', 'observed', true, $4, $4,"
        " '{\"equity\": 94999.99}')",
        BREACH,
        INSTANCE,
        LIFE,
        NOW,
    )
    await run(
        "INSERT INTO connection_logs (account_instance_id, request_id, action, status,"
        " error_context) VALUES ($1, 'r', 'login', 'failed', '{\"retcode\": 5}')",
        INSTANCE,
    )


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


async def page(database: Database, wanted: TradeFilter) -> TradePage:
    """Alice's page of trades."""
    found = await TradeRows(database).page(ALICE, ACCOUNT, None, wanted)
    assert found is not None
    return found


async def test_mallory_sees_nothing(database: Database) -> None:
    """Another user, or the same id on another site, gets None from every read."""
    for other in (MALLORY, evolve(ALICE, site_id="elsewhere")):
        asked = (other, ACCOUNT, None)
        assert await AccountRows(database).of_owner(other) == ()
        assert await AccountRows(database).instances(other, ACCOUNT) is None
        assert await AccountRows(database).one(other, ACCOUNT) is None
        assert await TradeRows(database).page(*asked, TradeFilter()) is None
        assert await DealRows(database).of_trade(*asked, "1") is None
        assert await DayRows(database).days(*asked) is None
        assert await DayRows(database).exact(*asked) is None
        assert await Violations(database).of_life(*asked) is None
        assert await Discrepancies(database).of_life(*asked) is None
        assert await Violations(database).one(other, ACCOUNT, BREACH) is None
        span: Any = {"from_at": NOW, "to_at": NOW + timedelta(days=1)}
        curves = Curves(database)
        assert await curves.curve(*asked, **span, points=5, promise_seconds=60) is None
    assert await AccountRows(database).one(ALICE, ACCOUNT, uuid4()) is None
    assert await LogRows(database).page("elsewhere", ACCOUNT, 1, 50) is None
    words = {"decision": "upheld", "reason": "r", "actor": "a"}
    assert await Violations(database).override("elsewhere", BREACH, **words, now=NOW) is None


async def test_account_rows(database: Database) -> None:
    """The owner's and the site's lists tell the same account; filters are literal."""
    rows = AccountRows(database)
    (row,) = await rows.of_owner(ALICE)
    assert (row.account.login, row.instance.life_id, row.violations) == ("501", LIFE, 1)
    for wanted, total in [
        (AccountFilter("shop"), 1),
        (AccountFilter("shop", q="demo_s"), 1),
        (AccountFilter("shop", q="demo%"), 0),
        (AccountFilter("shop", q="o-9", wp_user_id=1, status=Status.ACTIVE), 1),
        (AccountFilter("shop", status=Status.DEACTIVATED), 0),
        (AccountFilter("elsewhere"), 0),
    ]:
        assert (await rows.of_site(wanted, 1, 10)).total == total


async def test_one_account_has_its_standings_and_lists_have_none(database: Database) -> None:
    """Reading one account tells every rule's standing; a list does not carry them."""

    async def store(connection: Connection) -> None:
        await connection.execute("UPDATE account_instances SET standings = $1", b"[]")

    await database.execute(store)
    rows = AccountRows(database)
    one = await rows.one(ALICE, ACCOUNT)
    named = await rows.one(ALICE, ACCOUNT, INSTANCE)
    assert one is not None
    assert (one.standings, named) == (b"[]", one)
    assert (await rows.of_owner(ALICE))[0].standings is None


@pytest.mark.parametrize(
    "sort", ["close_time", "-close_time", "open_time", "-open_time", "net", "-net"]
)
async def test_pages_by_number_and_cursor_agree(database: Database, sort: Any) -> None:
    """Both ways of paging tell every trade once, in the same order, with the right total."""
    wanted = TradeFilter(limit=2, sort=sort)  # a page ends at an open trade
    numbered = [await page(database, evolve(wanted, page=n)) for n in range(1, 14)]
    by_number = [trade.ticket for found in numbered for trade in found.trades]
    assert {found.total for found in numbered} == {23}
    by_cursor, cursor = [], None
    while True:
        found = await page(database, evolve(wanted, cursor=cursor))
        by_cursor += [trade.ticket for trade in found.trades]
        cursor = found.next_cursor
        if cursor is None:
            break
    assert by_number == by_cursor
    assert sorted(map(int, by_number)) == list(range(23))


async def test_trade_filters(database: Database) -> None:
    """Filters narrow rows and total alike, and amounts show the currency's digits."""
    assert (await page(database, TradeFilter(state="open"))).total == 3
    assert (await page(database, TradeFilter(state="closed", symbol="EURUSD"))).total == 10
    assert (await page(database, TradeFilter(side="SELL"))).total == 0
    late = TradeFilter(from_at=NOW + timedelta(minutes=4), to_at=NOW + timedelta(hours=1))
    found = await page(database, late)
    assert {trade.ticket for trade in found.trades} == {"4", "9", "14", "19"}
    assert str(found.trades[0].net) in {"-1.50", "-0.50", "0.50", "1.50"}
    assert str(found.trades[0].lots) == "0.015"


@pytest.mark.parametrize("cursor", ["", "x", "é", "W10", "e30", "A" * 400])
async def test_bad_cursor(database: Database, cursor: str) -> None:
    """A damaged cursor, or one of another order, is a ValueError."""
    with pytest.raises(ValueError, match=r"cursor|UUID|tuple|expected"):
        await page(database, TradeFilter(cursor=cursor))
    good = (await page(database, TradeFilter(limit=2))).next_cursor
    with pytest.raises(ValueError, match="another order"):
        await page(database, TradeFilter(cursor=good, sort="net"))


async def test_days_violations_logs(database: Database) -> None:
    """The newest revision of a day, a violation with evidence and override, and the log."""
    days = await DayRows(database).days(ALICE, ACCOUNT, None)
    assert days is not None
    assert [(day.revision, str(day.anchor)) for day in days] == [(2, "100000.50")]
    exact = await DayRows(database).exact(ALICE, ACCOUNT, None)
    assert exact is not None
    (day,) = exact
    assert (day.revision, day.anchor, day.closed_result) == (2, 10_000_050, 100)
    assert (day.anchor_equity, day.floor, day.coverage) == (None, None, Coverage(1, 2, 3, 4))
    words = {"decision": "upheld", "reason": "r", "actor": "a"}
    assert await Violations(database).override("shop", BREACH, **words, now=NOW)
    one = await Violations(database).one(ALICE, ACCOUNT, BREACH)
    assert one is not None
    assert one.evidence == {"equity": Decimal("94999.99")}
    assert [word.decision for word in one.overrides] == ["upheld"]
    logs = await LogRows(database).page("shop", ACCOUNT, 1, 10)
    assert logs is not None
    assert [row.context for row in logs.items] == [{"retcode": 5}]


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


async def test_rotation(database: Database) -> None:
    """Every envelope moves to the new key once; the password still opens."""
    seen: list[Rotated] = []
    assert await rotate(database, VAULT, "k2", seen.append) == Rotated(moved=1)
    assert await rotate(database, VAULT, "k2") == Rotated(kept=1)
    assert seen == [Rotated(moved=1)]
    assert await count_by_key(database) == {"k2": 1}

    async def read(connection: Connection) -> Any:
        return await connection.fetchval("SELECT encrypted_investor_pass FROM account_instances")

    assert VAULT.open(await database.execute(read), CONTEXT) == "investor-canary"


async def test_an_erasure_ends_the_right_to_write(database: Database) -> None:
    """Also for an account that was connected while the user's others were being stopped."""
    leases = PostgresLeases(database, Noon(), "one")
    await database.execute(
        lambda connection: connection.execute(
            "INSERT INTO account_leases (instance_id) VALUES ($1)", INSTANCE
        )
    )
    await leases.register()
    (held,) = await leases.claim(1)
    await Privacy(database).erase(ALICE, actor="staff-1", now=NOW)
    assert await leases.renew() == ()

    async def fence(connection: Connection) -> Any:
        return await connection.fetchval("SELECT fence FROM account_leases")

    assert await database.execute(fence) > held.fence


async def test_export_and_erase(database: Database) -> None:
    """An export has the facts and no credential; after erasure nothing names the user."""
    log = PostgresAuditLog(database, Noon())
    await log.append("reset", actor="s", site_id="shop", subject="user:1", details={"why": "x"})
    privacy = Privacy(database)
    told = await privacy.export(ALICE)
    assert len(told["trades"]) == 23
    assert told["rule_violations"][0]["current_value"] == Decimal("94999.99")
    assert "encrypted_investor_pass" not in told["account_instances"][0]
    assert "fingerprint" not in told["account_instances"][0]
    gone = await privacy.erase(ALICE, actor="staff-1", now=NOW)
    assert (gone.accounts, gone.pseudonym < 0) == (1, True)
    left = dict(await privacy.export(ALICE))
    assert [row["payload"] for row in left.pop("audit_log")] == [None]
    assert not any(left.values())
    (row,) = await AccountRows(database).of_owner(Owner("shop", gone.pseudonym))
    assert (row.account.login, row.instance.status) == ("erased", Status.DEACTIVATED)
    assert row.violations == 1
    assert await count_by_key(database) == {}
    assert (await log.verify()).broken_at is None
    assert (await privacy.erase(ALICE, actor="staff-1", now=NOW)).accounts == 0
