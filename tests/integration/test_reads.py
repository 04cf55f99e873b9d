"""Readers get their own history exactly, and nobody else's at all."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import trio
from attrs import evolve

from actors.domain.account import Owner, Status
from actors.domain.history import AccountFilter, TradeFilter, TradePage
from actors.domain.rule_day import Coverage
from storage.account_rows import AccountRows
from storage.audit_log import PostgresAuditLog
from storage.curve import Curves
from storage.day_rows import DayRows
from storage.deal_rows import DealRows
from storage.discrepancies import Discrepancies
from storage.leases import PostgresLeases
from storage.log_rows import LogRows
from storage.postgres import Connection, Database
from storage.privacy import Privacy
from storage.rotation import Rotated, count_by_key, rotate
from storage.trade_rows import TradeRows
from storage.violations import Violations
from tests.integration.alice import (
    ACCOUNT,
    ALICE,
    BREACH,
    CONTEXT,
    INSTANCE,
    LIFE,
    MALLORY,
    NOW,
    VAULT,
    fill,
)


class Noon:
    """A clock that stands at noon."""

    def now(self) -> datetime:
        """Noon."""
        return NOW

    def monotonic(self) -> float:
        """Nothing passes."""
        return 0.0


@pytest.fixture
async def database(postgres_dsn: str, nursery: trio.Nursery) -> Database:
    """A database with Alice's account."""
    database = Database(postgres_dsn)
    await nursery.start(database.run)
    await database.transact(fill)
    return database


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
