"""Accounts for readers: of an owner, or of a site. Every query names whose rows it may see."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from attrs import frozen

from actors.domain.account import (
    Account,
    AccountInstance,
    ConnectionState,
    LifeReason,
    Outcome,
    Owner,
    Status,
    Tier,
)
from actors.domain.history import AccountFilter, AccountRow, AccountSort, Page
from storage.postgres import Connection, Database, Record

_COLUMNS = """
a.id AS account_id, a.site_id, a.wp_user_id, a.login, a.server, a.account_type, a.is_active,
a.created_at AS account_created_at, a.updated_at, a.order_id,
i.id AS instance_id, i.instance_key, i.life_id, i.hash_id, i.status, i.reason, i.plan_name,
i.plan_hash, i.phase, i.created_at, i.started_at, i.deactivated_at, i.predecessor_id,
i.opening_balance, i.ordered_initial_balance, i.ordered_currency, i.connection_state, i.outcome,
i.tier, i.sync_seq, i.last_sync_at, i.next_sync_at, i.last_error_code, i.currency,
i.currency_digits, i.summary,
(SELECT count(*) FROM rule_violations v WHERE v.life_id = i.life_id) AS violations,
(SELECT count(*) FROM discrepancies x WHERE x.life_id = i.life_id) AS discrepancies
"""
_WHOLE = f"{_COLUMNS}, i.standings"
_LISTED = f"{_COLUMNS}, NULL::bytea AS standings"
_NEWEST = """
FROM accounts a JOIN LATERAL (
    SELECT * FROM account_instances x WHERE x.account_id = a.id
    ORDER BY x.created_at DESC, x.instance_key DESC LIMIT 1
) i ON true
"""
_OWNED = "a.site_id = $1 AND a.wp_user_id = $2"
_OF_OWNER = f"SELECT {_LISTED} {_NEWEST} WHERE {_OWNED} ORDER BY a.created_at DESC, a.id"
_INSTANCES = f"""
SELECT {_LISTED} FROM accounts a JOIN account_instances i ON i.account_id = a.id
WHERE {_OWNED} AND a.id = $3 ORDER BY i.created_at DESC, i.instance_key DESC
"""  # noqa: S608
_ONE = f"""
SELECT {_WHOLE} FROM accounts a JOIN account_instances i ON i.account_id = a.id
WHERE {_OWNED} AND a.id = $3 AND ($4::uuid IS NULL OR i.id = $4)
ORDER BY i.created_at DESC, i.instance_key DESC LIMIT 1
"""  # noqa: S608
_OF_SITE_ONE = f"SELECT {_LISTED} {_NEWEST} WHERE a.site_id = $1 AND a.id = $2"
_MATCHING = """
WHERE a.site_id = $1 AND ($2::text IS NULL OR i.status = $2)
  AND ($3::bigint IS NULL OR a.wp_user_id = $3)
  AND ($4::text IS NULL OR a.login ILIKE $4 OR a.server ILIKE $4 OR a.order_id ILIKE $4)
"""
_COUNT_SITE = f"SELECT count(*) {_NEWEST} {_MATCHING}"
_SHOWN_STATE = "CASE i.status WHEN 'deactivated' THEN i.status ELSE i.connection_state END"
_SORTED: Mapping[str, tuple[str, ...]] = {
    "created": ("a.created_at",),
    "login": ("length(a.login)", "a.login"),
    "server": ("a.server",),
    "state": (_SHOWN_STATE,),
    "last_sync": ("coalesce(i.last_sync_at, '-infinity')",),
}


def _of_site(sort: AccountSort) -> str:
    """Return the query of a page in this order; equal accounts newest first."""
    way = "DESC" if sort.startswith("-") else "ASC"
    order = ", ".join(f"{column} {way}" for column in _SORTED[sort.removeprefix("-")])
    return (
        f"SELECT {_LISTED} {_NEWEST} {_MATCHING}"
        f" ORDER BY {order}, a.created_at DESC, a.id LIMIT $5 OFFSET $6"
    )


@frozen
class AccountRows:
    """Account rows from the database. Every method may raise StoreUnavailable."""

    database: Database

    async def of_owner(self, owner: Owner) -> tuple[AccountRow, ...]:
        """The owner's accounts with their newest instance, newest account first."""
        return await self._rows(_OF_OWNER, owner.site_id, owner.wp_user_id)

    async def instances(self, owner: Owner, account_id: UUID) -> tuple[AccountRow, ...] | None:
        """All instances of one account, newest first; None when it is not the owner's."""
        rows = await self._rows(_INSTANCES, owner.site_id, owner.wp_user_id, account_id)
        return rows or None

    async def one(
        self, owner: Owner, account_id: UUID, instance_id: UUID | None = None
    ) -> AccountRow | None:
        """One account at its newest, or the named, instance; None when not the owner's."""
        who = (owner.site_id, owner.wp_user_id)
        rows = await self._rows(_ONE, *who, account_id, instance_id)
        return rows[0] if rows else None

    async def of_site_one(self, site_id: str, account_id: UUID) -> AccountRow | None:
        """One account of the site for its staff."""
        rows = await self._rows(_OF_SITE_ONE, site_id, account_id)
        return rows[0] if rows else None

    async def of_site(self, wanted: AccountFilter, page: int, limit: int) -> Page[AccountRow]:
        """A page (from 1) of the site's accounts that match, in the wanted order."""
        matching = (wanted.site_id, wanted.status, wanted.wp_user_id, _pattern(wanted.q))

        async def job(connection: Connection) -> Page[AccountRow]:
            total = await connection.fetchval(_COUNT_SITE, *matching)
            rows = await connection.fetch(
                _of_site(wanted.sort), *matching, limit, (page - 1) * limit
            )
            return Page(tuple(map(read_account_row, rows)), total)

        return await self.database.execute(job)

    async def _rows(self, query: str, *args: object) -> tuple[AccountRow, ...]:
        async def job(connection: Connection) -> list[Record]:
            return await connection.fetch(query, *args)

        return tuple(map(read_account_row, await self.database.execute(job)))


def _pattern(q: str | None) -> str | None:
    """Return a LIKE pattern that finds ``q`` literally, anywhere."""
    if not q:
        return None
    for mark in "\\%_":
        q = q.replace(mark, f"\\{mark}")
    return f"%{q}%"


def read_account_row(row: Record) -> AccountRow:
    """Return the record of a row that has the columns selected here."""
    return AccountRow(
        account=_account(row),
        instance=_instance(row),
        connection_state=ConnectionState(row["connection_state"]),
        outcome=Outcome(row["outcome"]),
        tier=Tier(row["tier"]),
        **_as_named(row, _PLAIN),
    )


_PLAIN = (
    "sync_seq",
    "last_sync_at",
    "next_sync_at",
    "last_error_code",
    "violations",
    "discrepancies",
    "currency",
    "currency_digits",
    "summary",
    "standings",
)
_OF_ACCOUNT = ("account_id", "login", "server", "account_type", "is_active", "updated_at")
_OF_INSTANCE = (
    "instance_id",
    "instance_key",
    "account_id",
    "life_id",
    "hash_id",
    "plan_name",
    "plan_hash",
    "phase",
    "created_at",
    "started_at",
    "deactivated_at",
    "predecessor_id",
    "opening_balance",
    "ordered_initial_balance",
    "ordered_currency",
)


def _as_named(row: Record, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _account(row: Record) -> Account:
    return Account(
        owner=Owner(row["site_id"], row["wp_user_id"]),
        created_at=row["account_created_at"],
        order_id=row["order_id"],
        **_as_named(row, _OF_ACCOUNT),
    )


def _instance(row: Record) -> AccountInstance:
    return AccountInstance(
        status=Status(row["status"]),
        reason=LifeReason(row["reason"]),
        **_as_named(row, _OF_INSTANCE),
    )
