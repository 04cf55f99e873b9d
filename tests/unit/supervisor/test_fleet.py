"""The fleet on the memory stores: what is stored and shown of accounts whose actor cannot work."""

from random import Random
from typing import Any

import pytest
import trio
import trio.testing
from attrs import evolve

from actors.clock import TrioClock
from actors.domain.account import ConnectionState, Status
from actors.messages import Reconnect, SyncNow
from actors.mt5.brokers import BrokerTable, parse_brokers
from actors.ports import StoreUnavailable, SyncUnit
from actors.registry import Registry
from actors.timers import Timers
from storage.lives import NewInstance
from storage.memory import (
    MemoryAccounts,
    MemoryAccountStore,
    MemoryLeases,
    MemoryPlans,
    MemoryWorld,
)
from storage.vault import Context
from supervisor.catalogue import Catalogue
from supervisor.fleet import Fleet, Surroundings
from supervisor.tree import Tree
from tests.fakes.actor_world import LOGIN, PLAN, SERVER, START, FakeBroker
from tests.store_builders import VAULT, new_account

NAMED = parse_brokers(f'[[server]]\nname = "{SERVER}"\nclock = "UTC"\n', "brokers.toml")
UNNAMED = BrokerTable("brokers.toml", ())


class Store(MemoryAccountStore):
    """Takes no unit while it is ``away``."""

    away = False

    async def commit(self, unit: SyncUnit) -> None:
        """Write the unit, or say that nobody knows."""
        await trio.lowlevel.checkpoint()
        if self.away:
            raise StoreUnavailable
        await super().commit(unit)


class Stage:
    """A node with one account; ``table`` and ``bug`` (a step to crash at) may change meanwhile."""

    def __init__(self, table: BrokerTable = NAMED) -> None:
        self.clock = TrioClock(START)
        self.table = table
        self.bug: str | None = None
        self.world = MemoryWorld()
        self.broker = FakeBroker(self.clock)
        self.registry = Registry()
        self.store = Store(self.world, VAULT)
        self.states: list[str] = []
        self.accounts = accounts = MemoryAccounts(self.world)
        brokers: Any = _Table(self)
        self.tree = Tree(self.clock)
        self.timers = Timers(self.clock)
        shared = Surroundings(
            store=self.store,
            broker=self.broker,
            clock=self.clock,
            timers=self.timers,
            random=Random(1),
            failpoint=self._fail,
            on_publish=lambda _watched, _before, now: self.states.append(now.connection_state),
            on_event=lambda _watched, _code, _fields: None,
        )
        self.fleet = Fleet(
            accounts, Catalogue({PLAN.name: PLAN}, brokers), self.tree, self.registry, shared
        )

    def _fail(self, name: str) -> None:
        if name == self.bug:
            raise RuntimeError("bug")

    async def start(self, nursery: trio.Nursery) -> None:
        """Connect the account and run it under a lease."""
        await MemoryPlans(self.world).save(PLAN)
        wanted = new_account(login=LOGIN, plan_name=PLAN.name, plan_hash=PLAN.content_hash)
        wanted = evolve(wanted, server=SERVER, instance=_sealed(wanted.instance))
        await self.accounts.connect(wanted)
        await nursery.start(self.timers.run)
        await nursery.start(self.tree.run)
        leases = MemoryLeases(self.world, self.clock, "one", lease_seconds=1e6)
        await leases.register()
        (self.lease,) = await leases.claim(1)
        await self.fleet.start(self.lease, 0.0)

    @property
    def stored(self) -> tuple[ConnectionState, str | None, Status]:
        """What lists of every node show."""
        row = self.world.instances[self.lease.instance_id]
        assert row.last is not None
        return row.last.connection_state, row.last.last_error_code, row.instance.status

    @property
    def told(self) -> str | None:
        """What the operators' status shows when it is not the actor's own word."""
        condition = self.fleet.facts(self.lease.instance_id).condition
        return None if condition is None else condition.value


class _Table:
    """A broker table that an operator may edit."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def clock(self, server: str, on: Any) -> Any:
        """The clock in the table of now."""
        return self._stage.table.clock(server, on)


def _sealed(instance: NewInstance) -> NewInstance:
    context = Context(instance.instance_id, LOGIN, SERVER)
    return evolve(instance, envelope=VAULT.seal("p", context), ordered_initial_balance=None)


async def test_a_quarantine_is_stored_shown_and_ends_with_a_restart(
    autojump_clock: trio.testing.MockClock, nursery: trio.Nursery
) -> None:
    """After four crashes every list says quarantined; a restart by hand makes it work again."""
    stage = Stage()
    await stage.start(nursery)
    await trio.sleep(10)
    assert stage.states[-1] == ConnectionState.READY
    stage.bug = "before_commit"
    await trio.sleep(3600)
    assert stage.told == "quarantined"
    assert stage.stored == (ConnectionState.QUARANTINED, "crashed", Status.ERROR)
    ref = stage.registry.instance(stage.lease.instance_id)
    assert ref is not None
    assert ref.published is not None
    assert ref.published.summary.connection_state is ConnectionState.QUARANTINED
    stage.bug = None
    assert await stage.fleet.restart(stage.lease.instance_id)
    await trio.sleep(10)
    assert stage.told is None
    assert stage.stored == (ConnectionState.READY, None, Status.ACTIVE)
    assert stage.states[-1] == ConnectionState.READY


async def test_a_server_without_a_clock_needs_the_operator(
    autojump_clock: trio.testing.MockClock, nursery: trio.Nursery
) -> None:
    """Nothing crashes and no login is tried; a reconnect after the table names it works."""
    stage = Stage(UNNAMED)
    await stage.start(nursery)
    await trio.sleep(600)
    assert stage.tree.rows()[0].restarts == 0
    assert stage.told == "needs_operator"
    assert stage.stored == (ConnectionState.NEEDS_OPERATOR, "unknown_server", Status.ERROR)
    ref = stage.registry.instance(stage.lease.instance_id)
    assert ref is not None
    ref.tell(SyncNow())
    ref.tell(Reconnect())
    await trio.sleep(600)
    assert (stage.told, stage.broker.opens) == ("needs_operator", [])
    stage.table = NAMED
    ref.tell(Reconnect())
    await trio.sleep(10)
    assert stage.told is None
    assert stage.stored == (ConnectionState.READY, None, Status.ACTIVE)


async def test_a_lapsed_account_stays_readable_until_it_runs_again(
    autojump_clock: trio.testing.MockClock, nursery: trio.Nursery
) -> None:
    """An actor that its lease ended leaves its last state to readers; a start replaces it."""
    stage = Stage()
    await stage.start(nursery)
    await trio.sleep(10)
    instance_id = stage.lease.instance_id
    await stage.fleet.lapse(instance_id)
    old = stage.registry.instance(instance_id)
    assert old is not None
    assert (old.alive, old.published is None) == (False, False)
    await stage.fleet.start(stage.lease, 0.0)
    await trio.sleep(10)
    new = stage.registry.instance(instance_id)
    assert new is not None
    assert (new.alive, new is old) == (True, False)
    await stage.fleet.lapse(instance_id)
    await stage.fleet.stop(instance_id)
    assert stage.registry.instance(instance_id) is None


@pytest.mark.parametrize(("taken_by_another", "breaches"), [(False, ["breach"]), (True, [])])
async def test_a_breach_seen_in_an_outage_is_stored_after_it(
    autojump_clock: trio.testing.MockClock,
    nursery: trio.Nursery,
    taken_by_another: bool,
    breaches: list[str],
) -> None:
    """The reading that waited when the lease ended is judged once storage is back, although equity
    has recovered; but not when the account was another's meanwhile, whose readings are newer.
    """
    stage = Stage()
    await stage.start(nursery)
    await trio.sleep(10)
    stage.store.away = True
    stage.broker.floating = -600_000
    ref = stage.registry.instance(stage.lease.instance_id)
    assert ref is not None
    ref.tell(SyncNow())
    await trio.sleep(10)
    stage.broker.floating = 0
    await stage.fleet.lapse(stage.lease.instance_id)
    stage.store.away = False
    lease = stage.lease
    if taken_by_another:
        lease = evolve(lease, fence=lease.fence + 1)
        stage.world.instances[lease.instance_id].fence = lease.fence
    await stage.fleet.start(lease, 0.0)
    await trio.sleep(60)
    (life,) = stage.world.lives.values()
    found = {one.severity.value for one in life.violations if one.rule_id == "daily-loss"}
    assert [one for one in found if one == "breach"] == breaches


async def test_a_named_server_is_tried_at_the_next_start(
    autojump_clock: trio.testing.MockClock, nursery: trio.Nursery
) -> None:
    """What was parked for its unknown server starts by itself once the table names it."""
    stage = Stage(UNNAMED)
    await stage.start(nursery)
    await trio.sleep(10)
    await stage.fleet.stop(stage.lease.instance_id)
    assert stage.tree.rows() == ()
    stage.table = NAMED
    await stage.fleet.start(stage.lease, 0.0)
    await trio.sleep(10)
    assert stage.stored == (ConnectionState.READY, None, Status.ACTIVE)
