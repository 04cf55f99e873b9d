"""The SQL of reading trades: conditions, their arguments and the order, from a reader's filter.

A trade whose sorted instant is not known (still open, or opened before the known history) counts
as later than every known one, as PostgreSQL's index keeps it.
"""
# ruff: noqa: S608  (queries are put together from texts of this module only)

from uuid import UUID

from actors.domain.history import TradeFilter
from storage.trade_cursor import Cursor

_COLUMNS = """
id, ticket, symbol, type, open_time, close_time, open_price, close_price, lots, open_lots, profit,
commission, swap, fee, net, cardinality(deal_tickets) AS deals
"""


class TradeQuery:
    """Gathers conditions and their numbered arguments (``$1``, ``$2``, …).

    ``from_at`` (included) and ``to_at`` (excluded) bound the closing time when that is the sorted
    one, else the opening time.
    """

    def __init__(self, life_id: UUID, wanted: TradeFilter) -> None:
        self.column = wanted.sort.removeprefix("-")
        self.descending = wanted.sort.startswith("-")
        self.args: list[object] = [life_id]
        self._conditions = ["life_id = $1", *self._filters(wanted)]

    def counting(self) -> str:
        """How many trades match."""
        return f"SELECT count(*) FROM trades WHERE {' AND '.join(self._conditions)}"

    def reading(self, *, descending: bool) -> str:
        """The trades that match, in order."""
        order = "DESC" if descending else "ASC"
        return (
            f"SELECT {_COLUMNS} FROM trades WHERE {' AND '.join(self._conditions)} "
            f"ORDER BY {self.column} {order}, id {order}"
        )

    def all(self) -> str:
        """The trades that match, in the wanted order."""
        return self.reading(descending=self.descending)

    def go_on_after(self, cursor: Cursor) -> None:
        """Leave out everything up to the cursor's row."""
        row_id = self._with("{}", cursor.row_id)
        beyond = "<" if self.descending else ">"
        if cursor.value is None:
            later = f"({self.column} IS NULL AND id {beyond} {row_id})"
            known = f" OR {self.column} IS NOT NULL" if self.descending else ""
        else:
            value = self._with("{}", cursor.value)
            later = f"({self.column}, id) {beyond} ({value}, {row_id})"
            known = "" if self.descending else f" OR {self.column} IS NULL"
        self._conditions.append(f"({later}{known})")

    def _filters(self, wanted: TradeFilter) -> list[str]:
        time = "close_time" if self.column == "close_time" else "open_time"
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
        self.args.append(value)
        return text.format(f"${len(self.args)}")
