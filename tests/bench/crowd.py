"""A thousand accounts in the database before the node starts, spread over a hundred users."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import trio

from actors.domain.account import Owner
from actors.domain.plan import Plan
from actors.domain.plan_file import parse_plan
from actors.mt5.simulator.broker import AccountCard
from storage.accounts import PostgresAccounts
from storage.lives import NewAccount, NewInstance
from storage.plans import PostgresPlans
from storage.postgres import Database
from storage.vault import Vault
from supervisor.connecting import seal

USERS = 100
PLAN = Path("configs/plans/two-step-classic.toml")


def vault_of(keys: Path) -> Vault:
    """The vault that the node will open with the same keys."""
    kek = bytes.fromhex((keys / "vault-1.key").read_text())
    return Vault({"v1": kek}, "v1", bytes.fromhex((keys / "pepper.key").read_text()))


def plan_of_all() -> Plan:
    """The plan that every account has."""
    return parse_plan(PLAN.read_text("utf-8"), str(PLAN))


async def store_accounts(
    dsn: str, vault: Vault, plan: Plan, cards: Iterable[AccountCard]
) -> dict[int, list[str]]:
    """Store the accounts as connect does; returns account ids by user."""
    owned: dict[int, list[str]] = {}
    async with trio.open_nursery() as nursery:
        database = Database(dsn, workers=2)
        await nursery.start(database.run)
        await PostgresPlans(database).save(plan)
        accounts = PostgresAccounts(database)
        for number, card in enumerate(cards):
            sealed = seal(vault, uuid4(), card.login, card.server, card.investor_password)
            user = 1 + number % USERS
            made = await accounts.connect(
                NewAccount(
                    account_id=uuid4(),
                    owner=Owner("shop", user),
                    login=card.login,
                    server=card.server,
                    account_type=plan.name,
                    order_id=None,
                    instance=NewInstance(
                        instance_id=sealed.instance_id,
                        life_id=uuid4(),
                        hash_id=secrets.token_hex(16),
                        envelope=sealed.envelope,
                        fingerprint=sealed.fingerprint,
                        plan_name=plan.name,
                        plan_hash=plan.content_hash,
                        phase=0,
                        at=datetime.now(UTC),
                    ),
                )
            )
            if made.watched is None:
                raise RuntimeError(f"login {card.login} was not stored")
            owned.setdefault(user, []).append(str(made.watched.account.account_id))
        nursery.cancel_scope.cancel()
    return owned
