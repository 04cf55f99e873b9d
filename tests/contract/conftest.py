"""Both implementations of the stores of accounts, lives, leases and syncs, for one suite."""

import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

import pytest
import trio
from attrs import frozen

from actors.domain.account import AccountInstance
from actors.ports import AccountStore
from storage.account_store import PostgresAccountStore
from storage.accounts import PostgresAccounts
from storage.batcher import Batcher
from storage.leases import PostgresLeases
from storage.memory import (
    MemoryAccounts,
    MemoryAccountStore,
    MemoryLeases,
    MemoryPlans,
    MemoryWorld,
)
from storage.plans import PostgresPlans
from storage.postgres import Database
from storage.seals import Sealer
from tests.store_builders import NOON, PLAN, VAULT, new_account


class _WallClock:
    """Real monotonic seconds: leases are judged by the database's clock."""

    def now(self) -> datetime:
        return NOON

    def monotonic(self) -> float:
        return time.monotonic()


@frozen
class Stores:
    """One implementation of everything under test."""

    accounts: Any
    plans: Any
    store: AccountStore
    node: Callable[..., Any]

    async def owned(self, **changes: Any) -> tuple[AccountInstance, int]:
        """Alice's account, claimed by a node: the instance and its fence."""
        connected = await self.accounts.connect(new_account(**changes))
        node = self.node("one")
        await node.register()
        (lease,) = await node.claim(1)
        return connected.watched.instance, lease.fence


@pytest.fixture(params=["memory", "postgres"])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    """Each implementation in turn, with the plan stored."""
    if request.param == "memory":
        world = MemoryWorld()
        made = Stores(
            MemoryAccounts(world),
            MemoryPlans(world),
            MemoryAccountStore(world, VAULT),
            lambda name, **seconds: MemoryLeases(world, _WallClock(), name, **seconds),
        )
        await made.plans.save(PLAN)
        yield made
        return
    database = Database(request.getfixturevalue("postgres_dsn"), workers=2)
    batcher = Batcher(database, flush_seconds=0.001)
    async with trio.open_nursery() as nursery:
        await nursery.start(database.run)
        await nursery.start(batcher.run)
        made = Stores(
            PostgresAccounts(database),
            PostgresPlans(database),
            PostgresAccountStore(database, batcher, VAULT, Sealer(b"5a" * 32)),
            lambda name, **seconds: PostgresLeases(database, _WallClock(), name, **seconds),
        )
        await made.plans.save(PLAN)
        yield made
        await batcher.drain()
        nursery.cancel_scope.cancel()
