"""Changes of one account that meet in the database: one after the other, never half of each."""

from decimal import Decimal

import psycopg
import pytest
import trio

from actors.domain.account import Owner
from storage.accounts import PostgresAccounts
from storage.lives import Connected, ConnectKind, UnknownAccount
from storage.plans import PostgresPlans
from storage.postgres import Database
from tests.store_builders import NOON, PLAN, new_account

RIVALS = 40
BALANCE = Decimal(5000)


@pytest.fixture
async def accounts(postgres_dsn: str, nursery: trio.Nursery) -> PostgresAccounts:
    """Accounts over eight workers, with the plan stored."""
    database = Database(postgres_dsn, workers=8)
    await nursery.start(database.run)
    await PostgresPlans(database).save(PLAN)
    return PostgresAccounts(database)


async def test_of_many_owners_at_once_one_gets_the_login(accounts: PostgresAccounts) -> None:
    """Forty rivals for one login: one account is made, all others are told of an owner."""
    made: list[Connected] = []

    async def connect(user: int) -> None:
        made.append(await accounts.connect(new_account(Owner("shop", user))))

    async with trio.open_nursery() as nursery:
        for user in range(1, RIVALS + 1):
            nursery.start_soon(connect, user)
    kinds = [each.kind for each in made]
    assert kinds.count(ConnectKind.CREATED) == 1
    assert kinds.count(ConnectKind.OWNED_BY_OTHER) == RIVALS - 1
    assert len(await accounts.active()) == 1


async def test_a_balance_waits_for_the_change_under_way(
    accounts: PostgresAccounts, postgres_dsn: str
) -> None:
    """Set while another change holds the account, it goes by what that change has left."""
    connected = (await accounts.connect(new_account())).watched
    assert connected is not None
    account_id = connected.account.account_id
    outcome: list[type[BaseException] | None] = []

    async def set_balance() -> None:
        try:
            await accounts.set_initial_balance(account_id, BALANCE, NOON)
        except UnknownAccount:
            outcome.append(UnknownAccount)
        else:
            outcome.append(None)

    with psycopg.connect(postgres_dsn) as change, psycopg.connect(postgres_dsn) as watch:
        watch.autocommit = True
        change.execute("SELECT 1 FROM accounts WHERE id = %s FOR UPDATE", (account_id,))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(set_balance)
            while not outcome and not _waiting(watch):
                await trio.sleep(0.01)
            change.execute(
                "UPDATE account_instances SET status = 'deactivated', "
                "encrypted_investor_pass = NULL WHERE account_id = %s",
                (account_id,),
            )
            change.commit()
    assert outcome == [UnknownAccount]


async def test_a_deactivation_and_a_batch_of_syncs_never_deadlock(
    accounts: PostgresAccounts, postgres_dsn: str
) -> None:
    """A batch locks the lease and then writes the instance; an end waits for it, holding neither.

    Else the database breaks one of the two off, and a whole batch is written a second time.
    """
    connected = (await accounts.connect(new_account())).watched
    assert connected is not None
    instance_id = connected.instance.instance_id
    with psycopg.connect(postgres_dsn) as batch, psycopg.connect(postgres_dsn) as watch:
        watch.autocommit = True
        batch.execute(
            "SELECT 1 FROM account_leases WHERE instance_id = %s FOR SHARE", (instance_id,)
        )
        async with trio.open_nursery() as nursery:
            nursery.start_soon(accounts.deactivate, connected.account.account_id, NOON)
            while not _waiting(watch):
                await trio.sleep(0.01)
            batch.execute("SET lock_timeout = '500ms'")
            batch.execute(
                "UPDATE account_instances SET tier = 'idle' WHERE id = %s", (instance_id,)
            )
            batch.commit()
    assert await accounts.live(connected.account.account_id) is None


def _waiting(watch: "psycopg.Connection[tuple[object, ...]]") -> bool:
    """Whether a backend of this database waits for a lock."""
    row = watch.execute(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    ).fetchone()
    return row is not None and row[0] != 0


SYNC = (
    """SELECT 1 FROM account_leases l JOIN rule_state r ON r.account_id = %(account)s
       WHERE l.instance_id = %(instance)s FOR SHARE OF l FOR UPDATE OF r""",
    """INSERT INTO initial_balances (account_id, account_instance_id, life_id, version,
           initial_balance_value, initial_balance_source)
       SELECT account_id, id, life_id, 7, 1, 'mt5_deposits' FROM account_instances
       WHERE id = %(instance)s""",
    "UPDATE account_instances SET tier = 'idle' WHERE id = %(instance)s",
)
"""What a sync locks and writes, in its order."""


@pytest.mark.parametrize("change", ["balance", "deactivate"])
async def test_a_change_waits_for_a_sync_and_never_deadlocks(
    accounts: PostgresAccounts, postgres_dsn: str, change: str
) -> None:
    """A sync under way goes on to its end, whatever is changed meanwhile; then the change lands."""
    connected = (await accounts.connect(new_account())).watched
    assert connected is not None
    account_id, instance = connected.account.account_id, connected.instance
    ended: list[bool] = []

    async def work() -> None:
        if change == "balance":
            await accounts.set_initial_balance(account_id, BALANCE, NOON)
        else:
            await accounts.deactivate(account_id, NOON)
        ended.append(True)

    with psycopg.connect(postgres_dsn) as sync, psycopg.connect(postgres_dsn) as watch:
        watch.autocommit = True
        names = {"account": account_id, "instance": instance.instance_id}
        sync.execute(SYNC[0], names)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(work)
            while not ended and not _waiting(watch):
                await trio.sleep(0.01)
            for statement in SYNC[1:]:
                await trio.to_thread.run_sync(sync.execute, statement, names)
            sync.commit()
    assert ended == [True]
