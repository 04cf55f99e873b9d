"""Exports as rows: ordered once per idempotency key, beaten while at work, ended once.

An open export whose node has not beaten for a minute counts as interrupted, whoever asks.
"""
# ruff: noqa: S608  (queries are put together from texts of this module only)

import hmac
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from attrs import asdict, frozen

from actors.domain.account import Owner
from actors.domain.export import ExportFault, ExportFormat, ExportJob, ExportOrder, ExportState
from storage.claims import Mismatch
from storage.export_query import query_of
from storage.life_of import LifeOf, life_of
from storage.postgres import Connection, Database, Record

OPEN_PER_OWNER = 2
KEPT_PER_OWNER = 5
KEEP = timedelta(hours=1)
_SILENT = timedelta(seconds=60)

COLUMNS = """
id, account_id, life_id, login, currency_digits, body_digest, wish::text AS wish, state,
rows_done, rows_total, size_bytes, fault, created_at, beat_at, expires_at
"""
_MINE = "site_id = $1 AND wp_user_id = $2"
_BY_KEY = f"SELECT {COLUMNS} FROM exports WHERE {_MINE} AND idempotency_key = $3"
_BY_ID = f"SELECT {COLUMNS} FROM exports WHERE {_MINE} AND account_id = $3 AND id = $4"
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('exports:' || $1 || ':' || $2, 0))"
_OPEN = f"""
SELECT count(*) FROM exports
WHERE {_MINE} AND state IN ('queued', 'running') AND beat_at > $3
"""
_LOGIN = "SELECT login FROM accounts WHERE id = $1"
# The oldest finished files make room for the newest ones.
_MAKE_ROOM = f"""
UPDATE exports SET expires_at = $3 WHERE expires_at > $3 AND id IN (
    SELECT id FROM exports WHERE {_MINE} AND state = 'done' AND size_bytes IS NOT NULL
    ORDER BY created_at DESC OFFSET {KEPT_PER_OWNER - 1})
"""
_ORDER = f"""
INSERT INTO exports (site_id, wp_user_id, account_id, life_id, login, currency_digits,
    idempotency_key, body_digest, wish, state, node_id, rows_done, rows_total, created_at, beat_at,
    expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::jsonb, $10, $11,
    CASE WHEN $10 = 'done' THEN $12::bigint ELSE 0 END, $12, $13, $13, $14)
RETURNING {COLUMNS}
"""
_BEAT = "UPDATE exports SET beat_at = $2 WHERE id = ANY($1::uuid[])"
_PROGRESS = """
UPDATE exports SET state = 'running', rows_done = $2, rows_total = $3, beat_at = $4
WHERE id = $1 AND state IN ('queued', 'running')
"""
_DONE = """
UPDATE exports SET state = 'done', rows_done = $2, rows_total = $2, size_bytes = $3, beat_at = $4,
    expires_at = $5
WHERE id = $1 AND state IN ('queued', 'running')
"""
_FAILED = """
UPDATE exports SET state = 'failed', fault = $2 WHERE id = $1 AND state IN ('queued', 'running')
"""
_INTERRUPTED = """
UPDATE exports SET state = 'failed', fault = 'interrupted'
WHERE node_id = $1 AND state IN ('queued', 'running')
"""
_FILES = "SELECT id FROM exports WHERE id = ANY($1::uuid[]) AND expires_at > $2"


@frozen
class TooManyOpen:
    """The owner has as many exports under way as one may have."""


@frozen
class Ordered:
    """The export of a key; ``is_new`` when this order made it."""

    job: ExportJob
    is_new: bool


@frozen
class Exports:
    """Rows of exports. Every method may raise StoreUnavailable."""

    database: Database
    node_id: str

    async def order(
        self,
        owner: Owner,
        account_id: UUID,
        order: ExportOrder,
        *,
        key: str,
        digest: bytes,
        now: datetime,
    ) -> Ordered | Mismatch | TooManyOpen | None:
        """The export of this key, ordered now if it is not yet; None for a foreign account.

        A CSV file is done at once: its rows are read when it is downloaded.
        """
        who = (owner.site_id, owner.wp_user_id)

        async def job(connection: Connection) -> Ordered | Mismatch | TooManyOpen | None:
            await connection.execute(_LOCK, owner.site_id, str(owner.wp_user_id))
            kept = await connection.fetchrow(_BY_KEY, *who, key)
            if kept is not None:
                same = hmac.compare_digest(kept["body_digest"], digest)
                return Ordered(job_of(kept, now), is_new=False) if same else Mismatch()
            life = await life_of(connection, owner, account_id, order.instance_id)
            if life is None:
                return None
            if order.format is ExportFormat.XLSX:
                if await connection.fetchval(_OPEN, *who, now - _SILENT) >= OPEN_PER_OWNER:
                    return TooManyOpen()
                await connection.execute(_MAKE_ROOM, *who, now)
            made = await self._insert(connection, who, life, order, (key, digest), now)
            return Ordered(made, is_new=True)

        return await self.database.transact(job)

    async def _insert(
        self,
        connection: Connection,
        who: tuple[str, int],
        life: LifeOf,
        order: ExportOrder,
        key: tuple[str, bytes],
        now: datetime,
    ) -> ExportJob:
        query = query_of(order, life.life_id)
        total = await connection.fetchval(query.counting(), *query.args)
        state = "queued" if order.format is ExportFormat.XLSX else "done"
        row = await connection.fetchrow(
            _ORDER,
            *who,
            life.account_id,
            life.life_id,
            await connection.fetchval(_LOGIN, life.account_id),
            life.digits,
            *key,
            order_text(order),
            state,
            self.node_id,
            total,
            now,
            now + KEEP,
        )
        assert row is not None  # noqa: S101 - RETURNING of an insert
        return job_of(row, now)

    async def one(
        self, owner: Owner, account_id: UUID, export_id: UUID, now: datetime
    ) -> ExportJob | None:
        """The owner's export; None when there is none."""
        who = (owner.site_id, owner.wp_user_id)

        async def job(connection: Connection) -> ExportJob | None:
            row = await connection.fetchrow(_BY_ID, *who, account_id, export_id)
            return None if row is None else job_of(row, now)

        return await self.database.execute(job)

    async def beat(self, export_ids: Collection[UUID], now: datetime) -> None:
        """Say that this node is still at work on them."""
        await self._execute(_BEAT, list(export_ids), now)

    async def progress(self, export_id: UUID, done: int, total: int, now: datetime) -> None:
        """So many rows of so many are written."""
        await self._execute(_PROGRESS, export_id, done, total, now)

    async def done(self, export_id: UUID, rows: int, size_bytes: int, now: datetime) -> None:
        """The file is complete."""
        await self._execute(_DONE, export_id, rows, size_bytes, now, now + KEEP)

    async def failed(self, export_id: UUID, fault: ExportFault) -> None:
        """There will be no file."""
        await self._execute(_FAILED, export_id, fault.value)

    async def interrupted(self) -> None:
        """End what an earlier process of this node left open."""
        await self._execute(_INTERRUPTED, self.node_id)

    async def living(self, export_ids: Collection[UUID], now: datetime) -> frozenset[UUID]:
        """Which of these are neither expired nor deleted."""

        async def job(connection: Connection) -> frozenset[UUID]:
            rows = await connection.fetch(_FILES, list(export_ids), now)
            return frozenset(row["id"] for row in rows)

        return await self.database.execute(job)

    async def _execute(self, statement: str, *args: object) -> None:
        async def job(connection: Connection) -> None:
            await connection.execute(statement, *args)

        await self.database.execute(job)


def order_text(order: ExportOrder) -> str:
    """The order as JSON."""
    return msgspec.json.encode(asdict(order)).decode()


def read_order(text: str | bytes) -> ExportOrder:
    """The order that ``order_text`` wrote. Raises msgspec.ValidationError."""
    return msgspec.json.decode(text, type=ExportOrder)


def job_of(row: Record, now: datetime) -> ExportJob:
    """The export as it stands now."""
    state, fault = ExportState(row["state"]), row["fault"]
    if state in (ExportState.QUEUED, ExportState.RUNNING) and row["beat_at"] < now - _SILENT:
        state, fault = ExportState.FAILED, ExportFault.INTERRUPTED
    if state is ExportState.DONE and row["expires_at"] <= now:
        state = ExportState.EXPIRED
    same: dict[str, Any] = {
        name: row[name]
        for name in ("account_id", "life_id", "login", "rows_done", "rows_total", "size_bytes")
    }
    return ExportJob(
        export_id=row["id"],
        digits=row["currency_digits"],
        order=read_order(row["wish"]),
        state=state,
        fault=None if fault is None else ExportFault(fault),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        **same,
    )
