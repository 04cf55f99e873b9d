"""Trades for readers: filtered, sorted and paged, by page number or by cursor."""

from typing import Any
from uuid import UUID

from attrs import frozen

from actors.domain.account import Owner
from actors.domain.history import TradeFilter, TradePage, TradeRow
from storage.exact import plain, shown_always
from storage.life_of import LifeOf, life_of
from storage.postgres import Connection, Database, Record
from storage.trade_cursor import Cursor, read_cursor, write_cursor
from storage.trade_query import TradeQuery


@frozen
class TradeRows:
    """Trade rows from the database."""

    database: Database

    async def page(
        self, owner: Owner, account_id: UUID, instance_id: UUID | None, wanted: TradeFilter
    ) -> TradePage | None:
        """A page of the life's trades; None when the account is not the owner's.

        Total and rows are of one snapshot. Raises ValueError on a bad cursor, StoreUnavailable.
        """
        cursor = None if wanted.cursor is None else read_cursor(wanted.cursor, wanted.sort)

        async def job(connection: Connection) -> TradePage | None:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                life = await life_of(connection, owner, account_id, instance_id)
                if life is None:
                    return None
                return await _Read(connection, life, wanted).page(cursor)

        return await self.database.execute(job)


class _Read:
    """One page being read. Runs on the asyncio side."""

    def __init__(self, connection: Connection, life: LifeOf, wanted: TradeFilter) -> None:
        self._connection = connection
        self._digits = life.digits
        self._wanted = wanted
        self._query = TradeQuery(life.life_id, wanted)

    async def page(self, cursor: Cursor | None) -> TradePage:
        """Count what matches, then read the page."""
        query = self._query
        total = await self._connection.fetchval(query.counting(), *query.args)
        rows = await (self._numbered(total) if cursor is None else self._after(cursor))
        trades = tuple(told_trade(row, self._digits) for row in rows[: self._wanted.limit])
        more = len(rows) > self._wanted.limit
        return TradePage(trades, total, self._next(rows[self._wanted.limit - 1]) if more else None)

    async def _numbered(self, total: int) -> list[Record]:
        """Read by page number, from whichever end is nearer; one row more than the page."""
        offset = (self._wanted.page - 1) * self._wanted.limit
        size = min(self._wanted.limit + 1, total - offset)
        if size <= 0:
            return []
        behind = total - offset - size
        descending = self._query.descending
        if behind >= offset:
            return await self._rows(size, offset, descending=descending)
        rows = await self._rows(size, behind, descending=not descending)
        return rows[::-1]

    async def _after(self, cursor: Cursor) -> list[Record]:
        self._query.go_on_after(cursor)
        return await self._rows(self._wanted.limit + 1, 0, descending=self._query.descending)

    async def _rows(self, limit: int, offset: int, *, descending: bool) -> list[Record]:
        text = self._query.reading(descending=descending)
        return await self._connection.fetch(
            f"{text} LIMIT {limit:d} OFFSET {offset:d}", *self._query.args
        )

    def _next(self, last: Record) -> str:
        return write_cursor(Cursor(self._wanted.sort, last[self._query.column], last["id"]))


def told_trade(row: Record, digits: int | None) -> TradeRow:
    """A trade as readers are told it: amounts in the currency's digits, lots unpadded."""
    names = ("ticket", "symbol", "type", "open_time", "close_time", "deals")
    amounts = ("profit", "commission", "swap", "fee", "net")
    fields: dict[str, Any] = {name: row[name] for name in names}
    fields |= {name: shown_always(row[name], digits) for name in amounts}
    fields |= {name: plain(row[name]) for name in ("lots", "open_lots")}
    return TradeRow(open_price=row["open_price"], close_price=row["close_price"], **fields)
