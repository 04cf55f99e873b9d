"""The staff's account list in every order, over pages, on a real database."""

from datetime import timedelta
from typing import Any, get_args
from uuid import UUID

import pytest
import trio

from actors.domain.account import Status
from actors.domain.history import AccountFilter, AccountRow, AccountSort
from storage.account_rows import AccountRows
from storage.postgres import Connection, Database
from tests.integration.alice import ALICE, NOW

COUNT = 450
STATES = ("ready", "backoff", "connecting")


async def fill(connection: Connection) -> None:
    """Accounts whose login, server, state and last sync each come in an order of their own."""
    await connection.execute(
        "INSERT INTO plans (content_hash, name, version, document) VALUES ($1, 'two', 1, '')",
        "a" * 64,
    )
    for n in range(COUNT):
        ids = [UUID(int=n * 10 + k) for k in (1, 2, 3)]
        await connection.execute(
            "INSERT INTO accounts (id, site_id, wp_user_id, login, server, login_key,"
            " account_type, created_at) VALUES ($1, 'shop', 1, $2, $3, $2, 'two', $4)",
            ids[0],
            str(n * 7 % 1201 + 1),
            f"Server-{n % 5}",
            NOW + timedelta(seconds=n * 11 % COUNT),
        )
        await connection.execute(
            "INSERT INTO rule_state (life_id, account_id) VALUES ($1, $2)", ids[2], ids[0]
        )
        await connection.execute(
            "INSERT INTO account_instances (id, account_id, life_id, hash_id,"
            " encrypted_investor_pass, reason, plan_name, plan_hash, started_at, created_at,"
            " currency, currency_digits, status, connection_state, last_sync_at,"
            " deactivated_at) VALUES ($1, $2, $3, $4, $11, 'connect', 'two', $5, $6, $6, 'USD', 2,"
            " $7, $8, $9, $10)",
            ids[1],
            ids[0],
            ids[2],
            str(n),
            "a" * 64,
            NOW,
            "deactivated" if n % 4 == 0 else "active",
            STATES[n % 3],
            None if n % 6 == 0 else NOW + timedelta(minutes=n * 13 % 97),
            NOW if n % 4 == 0 else None,
            None if n % 4 == 0 else "sealed",
        )


@pytest.fixture
async def rows(postgres_dsn: str, nursery: trio.Nursery) -> AccountRows:
    """A database with many accounts."""
    database = Database(postgres_dsn)
    await nursery.start(database.run)
    await database.transact(fill)
    return AccountRows(database)


def key_of(row: AccountRow, name: str) -> Any:
    """What a row is sorted by."""
    ended = row.instance.status is Status.DEACTIVATED
    return {
        "created": row.account.created_at,
        "login": int(row.account.login),
        "server": row.account.server,
        "state": "deactivated" if ended else row.connection_state.value,
        "last_sync": row.last_sync_at or NOW - timedelta(days=1),
    }[name]


async def test_every_order_holds_over_pages(rows: AccountRows) -> None:
    """Pages one after another are the whole list in the wanted order, each account once."""
    newest = sorted(await rows.of_owner(ALICE), key=lambda row: row.account.account_id)
    newest.sort(key=lambda row: row.account.created_at, reverse=True)
    for sort in get_args(AccountSort):
        name, falls = sort.removeprefix("-"), sort.startswith("-")
        wanted = sorted(newest, key=lambda row: key_of(row, name), reverse=falls)
        told: list[UUID] = []
        for page in (1, 2, 3):
            found = await rows.of_site(AccountFilter("shop", sort=sort), page, 200)
            assert found.total == COUNT
            told += [row.account.account_id for row in found.items]
        assert told == [row.account.account_id for row in wanted], sort
