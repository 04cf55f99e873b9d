"""Trades of a long life, page by page, and the deals behind one of them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import trio
from attrs import evolve

from actors.domain.account import Owner
from actors.domain.history import TradeFilter
from storage.deal_rows import DealRows
from storage.postgres import Connection, Database
from storage.trade_rows import TradeRows
from tests.store_builders import kept_account, long_life

ALICE = Owner("shop", 1)
BEGAN = datetime(2026, 1, 5, tzinfo=UTC)
MANY = 10_500


@pytest.fixture
async def database(postgres_dsn: str, nursery: trio.Nursery) -> Database:
    """A database with Alice's account of 10,500 trades, each opened and closed in two parts."""
    database = Database(postgres_dsn)
    await nursery.start(database.run)
    kept_account(postgres_dsn, ALICE)
    long_life(postgres_dsn, MANY)
    return database


async def account_of(database: Database) -> UUID:
    """The id of the one account."""

    async def job(connection: Connection) -> UUID:
        found: UUID = await connection.fetchval("SELECT id FROM accounts")
        return found

    return await database.execute(job)


async def test_cursor_pages_tell_every_trade_of_a_long_life_once(database: Database) -> None:
    """10,500 trades by cursor: each once, in order, the total right on every page."""
    account_id, rows = await account_of(database), TradeRows(database)
    wanted = TradeFilter(limit=200, sort="-open_time")
    tickets: list[str] = []
    while True:
        page = await rows.page(ALICE, account_id, None, wanted)
        assert page is not None
        assert page.total == MANY
        tickets += [trade.ticket for trade in page.trades]
        if page.next_cursor is None:
            break
        wanted = evolve(wanted, cursor=page.next_cursor)
    assert tickets == [str(number) for number in range(MANY, 0, -1)]


async def test_last_page_filters_and_totals(database: Database) -> None:
    """Filters narrow the total and the rows alike; the last page holds what is left."""
    account_id, rows = await account_of(database), TradeRows(database)
    for wanted, total in [
        (TradeFilter(state="open"), MANY // 100),
        (TradeFilter(state="closed"), MANY - MANY // 100),
        (TradeFilter(symbol="XAUUSD", side="SELL"), MANY // 6),
        (TradeFilter(from_at=BEGAN, to_at=BEGAN + timedelta(minutes=10)), 9),
    ]:
        page = await rows.page(ALICE, account_id, None, evolve(wanted, limit=200))
        assert page is not None
        assert page.total == total
        assert len(page.trades) == min(200, total)
    last = await rows.page(ALICE, account_id, None, TradeFilter(page=53, limit=200, sort="net"))
    assert last is not None
    assert (len(last.trades), last.next_cursor) == (100, None)


async def test_a_trade_unfolds_into_its_deals(database: Database) -> None:
    """The opening and the partial closes, oldest first; their nets add up to the trade's."""
    account_id = await account_of(database)
    page = await TradeRows(database).page(ALICE, account_id, None, TradeFilter(sort="open_time"))
    assert page is not None
    trade = page.trades[0]
    told = await DealRows(database).of_trade(ALICE, account_id, None, trade.ticket)
    assert told is not None
    assert (told.total, trade.deals, trade.open_lots) == (3, 3, Decimal("0"))
    assert [deal.entry for deal in told.deals] == ["IN", "OUT", "OUT"]
    assert sum(deal.net for deal in told.deals) == trade.net
    assert await DealRows(database).of_trade(ALICE, account_id, None, "0") is None
    assert await DealRows(database).of_trade(Owner("shop", 2), account_id, None, "1") is None
