"""Trades for readers: filtered, sorted and paged, by page number or by cursor.

A trade whose sorted instant is not known (still open, or opened before the known history) counts
as later than every known one, as PostgreSQL's index keeps it.
"""

from typing import Any
from uuid import UUID

from attrs import frozen

from actors.domain.account import Owner
from actors.domain.history import TradeFilter, TradePage, TradeRow
from storage.exact import plain, shown_always
from storage.life_of import LifeOf, life_of
from storage.postgres import Connection, Database, Record
from storage.trade_cursor import Cursor, read_cursor, write_cursor

_COLUMNS = """
id, ticket, symbol, type, open_time, close_time, open_price, close_price, lots, profit,
commission, swap, fee, net
"""


@frozen
class TradeRows:
    """Trade rows from the database."""

    database: Database

    async def page(
        self, owner: Owner, account_id: UUID, instance_id: UUID | None, wanted: TradeFilter
    ) -> TradePage | None:
        """A page of the life's trades; None when the account is not the owner's.

        ``from_at`` (included) and ``to_at`` (excluded) bound the closing time when that is the
        sorted one, else the opening time. Raises ValueError on a bad cursor, StoreUnavailable.
        """
        cursor = None if wanted.cursor is None else read_cursor(wanted.cursor, wanted.sort)

        async def job(connection: Connection) -> TradePage | None:
            life = await life_of(connection, owner, account_id, instance_id)
            if life is None:
                return None
            return await _Read(connection, life, wanted).page(cursor)

        return await self.database.execute(job)


class _Read:
    """One page being read: gathers conditions and their arguments. Runs on the asyncio side."""

    def __init__(self, connection: Connection, life: LifeOf, wanted: TradeFilter) -> None:
        self._connection = connection
        self._digits = life.digits
        self._wanted = wanted
        self._column = wanted.sort.removeprefix("-")
        self._descending = wanted.sort.startswith("-")
        self._args: list[object] = [life.life_id]
        self._conditions = ["life_id = $1", *self._filters()]

    async def page(self, cursor: Cursor | None) -> TradePage:
        """Count what matches, then read the page."""
        total = await self._connection.fetchval(
            f"SELECT count(*) FROM trades WHERE {' AND '.join(self._conditions)}",  # noqa: S608
            *self._args,
        )
        rows = await (self._numbered(total) if cursor is None else self._after(cursor))
        trades = tuple(_trade(row, self._digits) for row in rows[: self._wanted.limit])
        more = len(rows) > self._wanted.limit
        return TradePage(trades, total, self._next(rows[self._wanted.limit - 1]) if more else None)

    def _filters(self) -> list[str]:
        wanted = self._wanted
        time = "close_time" if self._column == "close_time" else "open_time"
        given = {
            "symbol = {}": wanted.symbol,
            "type = {}": wanted.side,
            f"{time} >= {{}}": wanted.from_at,
            f"{time} < {{}}": wanted.to_at,
        }
        conditions = [self._with(text, value) for text, value in given.items() if value is not None]
        if wanted.state is not None:
            conditions.append(f"close_time IS {'' if wanted.state == 'open' else 'NOT '}NULL")
        return conditions

    def _with(self, text: str, value: object) -> str:
        self._args.append(value)
        return text.format(f"${len(self._args)}")

    async def _numbered(self, total: int) -> list[Record]:
        """Read by page number, from whichever end is nearer; one row more than the page."""
        offset = (self._wanted.page - 1) * self._wanted.limit
        size = min(self._wanted.limit + 1, total - offset)
        if size <= 0:
            return []
        behind = total - offset - size
        if behind >= offset:
            return await self._rows(size, offset, descending=self._descending)
        rows = await self._rows(size, behind, descending=not self._descending)
        return rows[::-1]

    async def _after(self, cursor: Cursor) -> list[Record]:
        row_id = self._with("{}", cursor.row_id)
        beyond = "<" if self._descending else ">"
        if cursor.value is None:
            later = f"({self._column} IS NULL AND id {beyond} {row_id})"
            known = f" OR {self._column} IS NOT NULL" if self._descending else ""
        else:
            value = self._with("{}", cursor.value)
            later = f"({self._column}, id) {beyond} ({value}, {row_id})"
            known = "" if self._descending else f" OR {self._column} IS NULL"
        self._conditions.append(f"({later}{known})")
        return await self._rows(self._wanted.limit + 1, 0, descending=self._descending)

    async def _rows(self, limit: int, offset: int, *, descending: bool) -> list[Record]:
        order = "DESC" if descending else "ASC"
        query = (
            f"SELECT {_COLUMNS} FROM trades WHERE {' AND '.join(self._conditions)} "  # noqa: S608
            f"ORDER BY {self._column} {order}, id {order} LIMIT {limit:d} OFFSET {offset:d}"
        )
        return await self._connection.fetch(query, *self._args)

    def _next(self, last: Record) -> str:
        return write_cursor(Cursor(self._wanted.sort, last[self._column], last["id"]))


def _trade(row: Record, digits: int | None) -> TradeRow:
    names = ("ticket", "symbol", "type", "open_time", "close_time")
    amounts = ("profit", "commission", "swap", "fee", "net")
    fields: dict[str, Any] = {name: row[name] for name in names}
    fields |= {name: shown_always(row[name], digits) for name in amounts}
    fields["lots"] = plain(row["lots"])
    return TradeRow(open_price=row["open_price"], close_price=row["close_price"], **fields)
