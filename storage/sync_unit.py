"""Write a batch of syncs and standings in one transaction, each idempotent and fenced.

A unit is refused alone: a stale or fenced one never disturbs the others of its batch.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import TypeAlias
from uuid import UUID

from actors.ports import Fenced, StaleSync, Standing, SyncUnit
from storage import late_rows, sync_rows
from storage.postgres import Connection, Record
from storage.sync_rows import Row, Table

Unit: TypeAlias = SyncUnit | Standing
Refusal: TypeAlias = Fenced | StaleSync

# The lease is locked in share mode, so that no other node can claim between this check and our
# commit; the state row for us alone. Ordered, so that two batches never deadlock.
_CHECK = """
    SELECT i.id, l.fence AS lease_fence, r.sync_seq, r.fence AS state_fence,
        r.instance_key AS writer
    FROM account_instances i
    JOIN account_leases l ON l.instance_id = i.id
    JOIN rule_state r ON r.life_id = i.life_id
    WHERE i.id = ANY($1::uuid[])
    ORDER BY r.life_id
    FOR SHARE OF l FOR UPDATE OF r
"""

_SYNC_TABLES: tuple[tuple[Table, Callable[[SyncUnit], Iterable[Row]]], ...] = (
    (sync_rows.RULE_STATE, lambda unit: (sync_rows.state_row(unit),)),
    (sync_rows.MIRROR, lambda unit: (sync_rows.mirror_row(unit),)),
    (sync_rows.SAMPLES, sync_rows.sample_rows),
    (late_rows.DEALS_GONE, late_rows.gone_deal_rows),
    (sync_rows.DEALS, sync_rows.deal_rows),
    (late_rows.TRADES_GONE, late_rows.gone_trade_rows),
    (sync_rows.TRADES, sync_rows.trade_rows),
    (sync_rows.RULE_DAYS, sync_rows.rule_day_rows),
    (sync_rows.VIOLATIONS, sync_rows.violation_rows),
    (sync_rows.INITIAL_BALANCES, sync_rows.initial_balance_rows),
    (late_rows.DISCREPANCIES, late_rows.discrepancy_rows),
)


async def write_units(connection: Connection, units: Sequence[Unit]) -> list[Refusal | None]:
    """Write the units in one transaction; per unit None (written, now or before) or the refusal.

    No two units may be of one life. Raises what the database raises, and then nothing is written.
    """
    async with connection.transaction():
        rows = await connection.fetch(_CHECK, [unit.instance.instance_id for unit in units])
        stored = {row["id"]: row for row in rows}
        verdicts = [judge(unit, stored) for unit in units]
        await _apply(
            connection, [unit for unit, new in zip(units, verdicts, strict=True) if new is True]
        )
    return [verdict if isinstance(verdict, Exception) else None for verdict in verdicts]


def judge(unit: Unit, stored: Mapping[UUID, Record]) -> Refusal | bool:
    """True: write it; False: already written; else why it is refused.

    A sync is next when the stored sync_seq is one less, and the same one again when number,
    fence and instance are those stored.
    """
    row = stored.get(unit.instance.instance_id)
    if row is None or row["lease_fence"] != unit.fence:
        return Fenced(f"instance {unit.instance.instance_id} has another owner")
    if isinstance(unit, Standing) or row["sync_seq"] == unit.sync_seq - 1:
        return True
    writer = (row["state_fence"], row["writer"])
    if row["sync_seq"] == unit.sync_seq and writer == (unit.fence, unit.instance.instance_key):
        return False
    return StaleSync(f"stored {row['sync_seq']}, offered {unit.sync_seq}")


async def _apply(connection: Connection, units: Sequence[Unit]) -> None:
    syncs = [unit for unit in units if isinstance(unit, SyncUnit)]
    standings = [unit for unit in units if isinstance(unit, Standing)]
    await _write(connection, sync_rows.STANDING, map(sync_rows.standing_row, standings))
    for table, rows_of in _SYNC_TABLES:
        await _write(connection, table, chain.from_iterable(map(rows_of, syncs)))
    await _write(connection, sync_rows.LOGS, chain.from_iterable(map(sync_rows.log_rows, units)))


async def _write(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    arrays = sync_rows.columns(rows)
    if arrays:
        await connection.execute(table.sql(), *arrays)
