"""Deals for readers: those of one trade, oldest first."""

from typing import Any
from uuid import UUID

from attrs import frozen

from actors.domain.account import Owner
from actors.domain.deals import DealEntry, DealReason, DealType
from actors.domain.history import DealPage, DealRow
from storage.exact import plain, shown_always
from storage.life_of import life_of
from storage.postgres import Connection, Database, Record

DEAL_COLUMNS = """
d.ticket, d.position_id, d.order_ticket, d.occurred_at AS time, d.symbol, d.type, d.entry,
d.reason, d.volume, d.price, d.profit, d.commission, d.swap, d.fee,
d.profit + d.commission + d.swap + d.fee AS net, d.comment
"""
LIMIT = 1_000
"""Deals of one trade that are told at most."""
_TRADE = "SELECT deal_tickets FROM trades WHERE life_id = $1 AND ticket = $2"
_DEALS = f"""
SELECT {DEAL_COLUMNS} FROM deals d
WHERE d.life_id = $1 AND d.ticket = ANY($2::bigint[])
ORDER BY d.broker_msc, d.ticket LIMIT {LIMIT}
"""  # noqa: S608  (texts of this module only)


@frozen
class DealRows:
    """Deal rows from the database."""

    database: Database

    async def of_trade(
        self, owner: Owner, account_id: UUID, instance_id: UUID | None, ticket: str
    ) -> DealPage | None:
        """The deals of the life's trade; None when trade or account are not the owner's.

        Raises StoreUnavailable.
        """

        async def job(connection: Connection) -> DealPage | None:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                life = await life_of(connection, owner, account_id, instance_id)
                if life is None:
                    return None
                trade = await connection.fetchrow(_TRADE, life.life_id, ticket)
                if trade is None:
                    return None
                tickets = trade["deal_tickets"]
                rows = await connection.fetch(_DEALS, life.life_id, tickets)
                return DealPage(tuple(told_deal(row, life.digits) for row in rows), len(tickets))

        return await self.database.execute(job)


def told_deal(row: Record, digits: int | None) -> DealRow:
    """A deal as readers are told it: amounts in the currency's digits, lots unpadded."""
    names = ("ticket", "position_id", "order_ticket", "time", "symbol", "comment")
    amounts = ("profit", "commission", "swap", "fee", "net")
    fields: dict[str, Any] = {name: row[name] for name in names}
    fields |= {name: shown_always(row[name], digits) for name in amounts}
    return DealRow(
        type=DealType(row["type"]).name,
        entry=DealEntry(row["entry"]).name,
        reason=DealReason(row["reason"]).name,
        lots=plain(row["volume"]),
        price=row["price"],
        **fields,
    )
