"""One node in virtual time: placement, fleet, tree and actors over memory stores, with faults."""

from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from random import Random
from typing import Any
from uuid import UUID

import trio
import trio.testing
from attrs import define

from actors.clock import TrioClock
from actors.domain.account import Owner
from actors.domain.published import Published
from actors.mt5.brokers import parse_brokers
from actors.registry import Registry
from actors.timers import Timers
from storage.lives import NewAccount, NewInstance, Watched
from storage.memory import MemoryAccounts, MemoryAccountStore, MemoryWorld
from storage.vault import Context, Vault
from supervisor.catalogue import Catalogue
from supervisor.fleet import Fleet, Surroundings
from supervisor.placement import PlacementLoop, PlacementPolicy
from supervisor.tree import Tree
from tests.simulation.fleet_run import Journal
from tests.simulation.node.bridge import WorldBroker, login_of
from tests.simulation.node.stores import Outage, ShakyLeases, ShakyStore
from tests.simulation.watched import Watched as Told
from tests.simulation.world.market import instant_of, msc
from tests.simulation.world.plans import product_plan
from tests.simulation.world.population import Inhabitant, World
from tests.simulation.world.story import SERVERS
from tests.simulation.world.streams import number, stream

_VAULT = Vault({"k1": bytes(range(32))}, "k1", bytes(range(100, 132)))
_CRASH_SHARE = 0.0003
_OUTAGES = ((0.3, 45.0), (0.6, 300.0))
"""When, as a share of the run, storage goes away, and for how many seconds: once shorter than a
lease, once much longer."""


class PlantedCrash(Exception):
    """A bug in one actor, as far as the tree can tell."""


@define
class NodeRun:
    """A finished run: what each account was told, and the journal of all events."""

    told: list[Told]
    journal: Journal
    crashes: int
    syncs: int


class Node:
    """The parts of one node over a simulated world."""

    def __init__(self, world: World) -> None:
        self.world, self.journal = world, Journal()
        first = min(who.connected_at for who in world.inhabitants)
        self.clock = TrioClock(instant_of(first) - timedelta(minutes=1))
        self.tables = MemoryWorld()
        self.accounts = MemoryAccounts(self.tables)
        self.outage = Outage()
        faults = stream(world.seed, "faults")
        self.store = ShakyStore(
            MemoryAccountStore(self.tables, _VAULT), self.outage, self.clock, faults
        )
        self.leases = ShakyLeases(
            self.tables, self.clock, "one", lease_seconds=90.0, margin_seconds=30.0
        )
        self.leases.outage, self.leases.clock = self.outage, self.clock
        self.tree = Tree(self.clock, on_event=self._tree_event)
        self.timers = Timers(self.clock)
        self.random = stream(world.seed, "scheduler")
        self._crashing = faults
        self.crashes = 0
        self.broken: dict[UUID, list[str]] = {}
        self.fleet = Fleet(self.accounts, _catalogue(), self.tree, Registry(), self._surroundings())
        policy = PlacementPolicy(tick_seconds=15.0)
        self.placement = PlacementLoop(
            self.leases, self.fleet, self.clock, self.random.random, policy
        )

    async def run(self) -> None:
        """Live until the world ends."""
        seconds = (self.world.market.until - msc(self.clock.now())) / 1000
        await self.leases.register()
        with trio.move_on_after(seconds):
            async with trio.open_nursery() as nursery:
                await nursery.start(self.timers.run)
                await nursery.start(self.tree.run)
                await nursery.start(self.placement.run)
                nursery.start_soon(self._fail_storage, seconds)
                for who in self.world.inhabitants:
                    nursery.start_soon(self._connect, who)

    async def _connect(self, who: Inhabitant) -> None:
        await trio.sleep(max(0.0, (who.connected_at - msc(self.clock.now())) / 1000))
        instance_id = self.instance_of(who)
        plan, login = product_plan(who.firm, who.digits), login_of(who)
        self.tables.plans[plan.content_hash] = plan
        envelope = _VAULT.seal("p", Context(instance_id, login, who.server.name))
        instance = NewInstance(
            instance_id, self._id("life", who), str(who.number), envelope,
            _VAULT.fingerprint(login, who.server.name, "p"), plan.name, plan.content_hash, 0,
            self.clock.now(),
        )  # fmt: skip
        await self.accounts.connect(
            NewAccount(self._id("account", who), Owner("shop", who.number + 1), login,
                       who.server.name, plan.name, None, instance)
        )  # fmt: skip

    async def _fail_storage(self, seconds: float) -> None:
        for share, length in _OUTAGES:
            await trio.sleep_until(seconds * share)
            self.outage.until = self.clock.monotonic() + length

    def instance_of(self, who: Inhabitant) -> UUID:
        """The instance's id, which follows from the seed."""
        return self._id("instance", who)

    def _id(self, kind: str, who: Inhabitant) -> UUID:
        return UUID(int=number(self.world.seed, f"ids/{kind}/{who.number}"))

    def _surroundings(self) -> Surroundings:
        return Surroundings(
            store=self.store,
            broker=WorldBroker(self.world, self.clock),
            clock=self.clock,
            timers=self.timers,
            random=self.random,
            failpoint=self._failpoint,
            on_publish=self._published,
            on_event=self._event,
        )

    def _failpoint(self, name: str) -> None:
        if self._crashing.random() < _CRASH_SHARE:
            self.crashes += 1
            raise PlantedCrash(name)

    def _published(self, watched: Watched, _before: Published | None, now: Published) -> None:
        """What is shown is stored before."""
        stored = self.tables.lives[watched.instance.life_id].sync_seq
        if now.rev > stored:
            broken = self.broken.setdefault(watched.instance.instance_id, [])
            broken.append(f"rev {now.rev} shown, {stored} stored")
        self._event(watched, f"published {now.rev} {now.condition}", {})

    def _event(self, watched: Watched, code: str, _fields: Mapping[str, object]) -> None:
        key = watched.instance.instance_key
        self.journal.write(msc(self.clock.now()), key, code)

    def _tree_event(self, code: str, _fields: Mapping[str, object]) -> None:
        self.journal.write(msc(self.clock.now()), 0, code)


def run_node(world: World) -> NodeRun:
    """Run a node over a world from the first connect to the world's end, in virtual time."""
    _schedule_in_order(number(world.seed, "tasks"))
    node = Node(world)
    trio.run(node.run, clock=trio.testing.MockClock(autojump_threshold=0))
    told = [_told(node, who) for who in world.inhabitants]
    return NodeRun(told, node.journal, node.crashes, sum(len(each.samples) for each in told))


def _told(node: Node, who: Inhabitant) -> Told:
    instance_id = node.instance_of(who)
    told = Told(who, broken=node.broken.get(instance_id, []), rebuild=True)
    kept = node.store.kept.get(instance_id)
    stored = node.tables.instances.get(instance_id)
    if kept is None or stored is None:
        return told
    told.samples, told.promises = kept.samples, kept.promises
    told.broken += kept.broken
    for violation in kept.violations:
        told.note(violation)
    rows = node.tables.lives[stored.instance.life_id].rule_days
    for row in sorted(rows.values(), key=lambda row: row.revision):
        told.rows[row.rule_id, row.date.isoformat()] = row
    return told


def _catalogue() -> Catalogue:
    servers = "".join(f'[[server]]\nname = "{s.name}"\nclock = "{s.clock}"\n' for s in SERVERS)
    return Catalogue({}, parse_brokers(servers, "simulation"))


def _schedule_in_order(seed: int) -> None:
    """Let trio choose among runnable tasks by a seeded die, as its own Hypothesis hook does."""
    core: Any = import_module("trio._core._run")
    core._ALLOW_DETERMINISTIC_SCHEDULING = True
    core._r = Random(seed)
