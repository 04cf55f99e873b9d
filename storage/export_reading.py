"""An export's rows from one snapshot of the database, through a server-side cursor.

Blocking, over psycopg: for a process of its own. Memory does not grow with the rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias
from uuid import UUID

import psycopg
from attrs import frozen
from psycopg.raw_cursor import RawCursor, RawServerCursor
from psycopg.rows import dict_row

from actors.domain.export import ExportOrder
from actors.domain.history import DealRow, TradeRow
from storage.deal_rows import told_deal
from storage.export_query import query_of
from storage.trade_rows import told_trade

_AT_ONCE = 1_000
_SETTINGS = (
    "-c timezone=UTC -c default_transaction_isolation=repeatable\\ read"
    " -c default_transaction_read_only=on -c statement_timeout=120s"
    " -c idle_in_transaction_session_timeout=120s"
)

ReadRow: TypeAlias = TradeRow | DealRow


@frozen
class Reading:
    """One snapshot's answer: how many rows there are, and the rows, to be read once."""

    total: int
    rows: Iterator[ReadRow]


@contextmanager
def reading(dsn: str, order: ExportOrder, life_id: UUID, digits: int | None) -> Iterator[Reading]:
    """Open a snapshot and read the order's rows in it. Raises psycopg.Error, also between rows."""
    query = query_of(order, life_id)
    told = told_trade if order.what == "trades" else told_deal
    with psycopg.connect(
        dsn, options=_SETTINGS, connect_timeout=10, application_name="onefunders-export"
    ) as line:
        counting = RawCursor(line).execute(query.counting().encode(), query.args)
        counted = counting.fetchone()
        with RawServerCursor(line, "export", row_factory=dict_row) as cursor:
            cursor.itersize = _AT_ONCE
            cursor.execute(query.all().encode(), query.args)
            yield Reading(counted[0] if counted else 0, (told(row, digits) for row in cursor))
