"""The account actor's storage port on PostgreSQL: load through a worker, write in batches."""

from uuid import UUID

from attrs import evolve

from actors.domain.account import AccountInstance, ConnectionState
from actors.domain.deals import Deal, DealEntry, DealReason, DealType
from actors.domain.life import StoredLife
from actors.domain.money import to_minor
from actors.ports import Credentials, Standing, SyncUnit
from storage.batcher import Batcher
from storage.past_rows import read_past
from storage.postgres import Connection, Database, Record
from storage.seals import Sealer
from storage.vault import Context, Vault

_STATE = """
    SELECT r.sync_seq, r.document, i.connection_state, i.last_error_code,
        (SELECT x.currency_digits FROM account_instances x
         WHERE x.account_id = r.account_id AND x.currency_digits IS NOT NULL
         ORDER BY x.instance_key DESC LIMIT 1) AS currency_digits
    FROM account_instances i JOIN rule_state r ON r.life_id = i.life_id WHERE i.id = $1
"""
DEALS = """
    SELECT * FROM (
        SELECT DISTINCT ON (d.ticket) d.*
        FROM deals d JOIN rule_state r ON r.life_id = d.life_id
        WHERE r.account_id = $1 AND d.gone_at IS NULL
        ORDER BY d.ticket, (d.life_id = $2) DESC, d.instance_key DESC
    ) AS newest
    ORDER BY occurred_at, ticket
"""
"""All deals of an account ($1) as a life ($2) sees them, in order of the path.

Earlier lives' deals count in the completeness sum; of a ticket the newest life's copy is read.
"""
_ENVELOPE = """
    SELECT a.login, a.server, i.encrypted_investor_pass AS envelope
    FROM account_instances i JOIN accounts a ON a.id = i.account_id WHERE i.id = $1
"""


class PostgresAccountStore:
    """Implements ``actors.ports.AccountStore``."""

    def __init__(self, database: Database, batcher: Batcher, vault: Vault, sealer: Sealer) -> None:
        self._database = database
        self._batcher = batcher
        self._vault = vault
        self._sealer = sealer

    async def load(self, instance: AccountInstance, *, past: bool = False) -> StoredLife:
        """The life's number and document, the instance's condition, and the account's deals.

        ``past``: and the life's rule days and breaches.
        """

        async def job(connection: Connection) -> StoredLife:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                state = await connection.fetchrow(_STATE, instance.instance_id)
                if state is None:
                    raise LookupError(f"instance {instance.instance_id} is not stored")
                digits = state["currency_digits"]
                rows = await connection.fetch(DEALS, instance.account_id, instance.life_id)
                told = await read_past(connection, instance.life_id, digits) if past else None
            deals = tuple(read_deal(row, digits) for row in rows)
            return StoredLife(
                sync_seq=state["sync_seq"],
                deals=deals,
                rule_state=state["document"],
                connection_state=ConnectionState(state["connection_state"]),
                last_error_code=state["last_error_code"],
                past=told,
            )

        return await self._database.execute(job)

    async def commit(self, unit: SyncUnit) -> None:
        """Write the unit with the next batch, its evidence sealed; returns after the commit."""
        if violations := unit.effects.violations:
            sealed = tuple(map(self._sealer.sealed, violations))
            unit = evolve(unit, effects=evolve(unit.effects, violations=sealed))
        await self._batcher.submit(unit)

    async def record(self, standing: Standing) -> None:
        """Write the change of condition with the next batch."""
        await self._batcher.submit(standing)

    async def credentials(self, instance_id: UUID) -> Credentials | None:
        """Decrypt the investor password; None when it was wiped. May raise VaultError."""
        row = await self._database.execute(
            lambda connection: connection.fetchrow(_ENVELOPE, instance_id)
        )
        if row is None or row["envelope"] is None:
            return None
        context = Context(instance_id, row["login"], row["server"])
        password = self._vault.open(row["envelope"], context)
        return Credentials(row["login"], row["server"], password)


def read_deal(row: Record, digits: int) -> Deal:
    """The deal of a row, its amounts in minor units of ``digits`` decimals."""
    return Deal(
        ticket=row["ticket"],
        position_id=row["position_id"],
        order=row["order_ticket"],
        type=DealType(row["type"]),
        entry=DealEntry(row["entry"]),
        reason=DealReason(row["reason"]),
        symbol=row["symbol"],
        volume=row["volume"],
        price=row["price"],
        profit=to_minor(row["profit"], digits),
        commission=to_minor(row["commission"], digits),
        swap=to_minor(row["swap"], digits),
        fee=to_minor(row["fee"], digits),
        broker_msc=row["broker_msc"],
        occurred_at=row["occurred_at"],
        comment=row["comment"],
    )
