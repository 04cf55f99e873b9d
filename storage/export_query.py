"""The SQL of an export's rows: trades as their readers see them, or deals."""
# ruff: noqa: S608  (queries are put together from texts of this house only)

from typing import Protocol
from uuid import UUID

from actors.domain.export import ExportOrder
from actors.domain.history import TradeFilter
from storage.deal_rows import DEAL_COLUMNS
from storage.trade_query import TradeQuery

_SIDES = {"BUY": 0, "SELL": 1}


class RowQuery(Protocol):
    """A query that can count what it would read. Arguments are numbered ``$1``, ``$2``, …"""

    args: list[object]

    def counting(self) -> str:
        """How many rows match."""
        ...

    def all(self) -> str:
        """The rows that match, in the wanted order."""
        ...


class DealQuery:
    """All deals of a life that are still in the terminal's history, balance operations too.

    The filter speaks of deals here: the symbol, the side of a trade deal, its time; ``state``
    leaves the deals of positions that are open or closed. Sorted by time, or by net.
    """

    def __init__(self, life_id: UUID, wanted: TradeFilter) -> None:
        self.args: list[object] = [life_id]
        self._conditions = ["d.life_id = $1", "d.gone_at IS NULL", *self._filters(wanted)]
        order = "DESC" if wanted.sort.startswith("-") else "ASC"
        places = ["d.occurred_at", "d.ticket"]
        if wanted.sort.endswith("net"):
            places.insert(0, "net")
        self._order = ", ".join(f"{place} {order}" for place in places)

    def counting(self) -> str:
        """How many deals match."""
        return f"SELECT count(*) FROM deals d WHERE {' AND '.join(self._conditions)}"

    def all(self) -> str:
        """The deals that match, in order."""
        return (
            f"SELECT {DEAL_COLUMNS} FROM deals d WHERE {' AND '.join(self._conditions)} "
            f"ORDER BY {self._order}"
        )

    def _filters(self, wanted: TradeFilter) -> list[str]:
        given = {
            "d.symbol = {}": wanted.symbol,
            "d.type = {}::smallint": None if wanted.side is None else _SIDES[wanted.side],
            "d.occurred_at >= {}": wanted.from_at,
            "d.occurred_at < {}": wanted.to_at,
        }
        found = [self._with(text, value) for text, value in given.items() if value is not None]
        if wanted.state is not None:
            known = "" if wanted.state == "open" else "NOT "
            found.append(
                "d.type IN (0, 1) AND d.position_id IN (SELECT t.position_id FROM trades t "
                f"WHERE t.life_id = $1 AND t.close_time IS {known}NULL)"
            )
        return found

    def _with(self, text: str, value: object) -> str:
        self.args.append(value)
        return text.format(f"${len(self.args)}")


def query_of(order: ExportOrder, life_id: UUID) -> RowQuery:
    """The rows that the order asks for."""
    made = TradeQuery if order.what == "trades" else DealQuery
    return made(life_id, order.wanted)
