"""Accounts that share a bridge's terminals, in virtual time: how long each waits between reads."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid5

import trio
import trio.testing
from attrs import define, field, frozen

from actors.clock import TrioClock
from actors.domain.account import Owner, Tier
from actors.domain.published import Published
from actors.domain.risk_tier import promise_of
from actors.mt5.brokers import parse_brokers
from actors.mt5.simulator.broker import SERVERS, AccountCard, SimulatedBroker
from actors.mt5.simulator.door import InProcessBroker
from actors.mt5.simulator.scenarios import add_account
from actors.mt5.simulator.service import BridgeTimes, SimulatedBridge
from actors.registry import Registry
from actors.timers import Timers
from storage.lives import NewAccount, NewInstance, Watched
from storage.memory import MemoryAccounts, MemoryAccountStore, MemoryLeases, MemoryWorld
from storage.vault import Context
from supervisor.bridging.berths import Station
from supervisor.bridging.bridges import Bridges, Rates
from supervisor.bridging.pace import Pace
from supervisor.bridging.refusals import Refusals
from supervisor.catalogue import Catalogue
from supervisor.fleet import Fleet, Surroundings
from supervisor.placement import PlacementLoop
from supervisor.tree import Tree
from tests.fakes.actor_world import PLAN
from tests.store_builders import VAULT

START = datetime(2026, 3, 3, 20, 45, tzinfo=UTC)
"""A Tuesday, an hour and a quarter before the reset in Tehran."""
_IDS = UUID("9e0a3c1f-6f5e-4f0f-9a54-8c1f0f1d2b11")
_READ_SECONDS = 0.25


@frozen
class Wait:
    """The time between two reads of an account, and the tier that was shown in it."""

    tier: Tier
    seconds: float

    @property
    def kept(self) -> bool:
        """True when the tier's promise was kept."""
        return self.seconds <= promise_of(self.tier)


@frozen
class OneDoor:
    """The one bridge."""

    broker: InProcessBroker
    slots: int

    def station(self) -> Station:
        """Always there."""
        return Station("only", self.slots)


@define
class SlotRun:
    """``idle`` accounts nobody trades on and ``sticky`` ones with positions, on ``slots``."""

    idle: int
    sticky: int
    slots: int
    visit_seconds: float
    waits: list[Wait] = field(factory=list)
    _last: dict[UUID, tuple[datetime, Tier]] = field(factory=dict)
    _since: datetime = START
    _until: datetime = START

    def run(self, warm_up: timedelta, length: timedelta) -> list[Wait]:
        """Live through the warm-up and then ``length``; return the waits of the latter."""
        self._since, self._until = START + warm_up, START + warm_up + length
        seconds = (warm_up + length).total_seconds()
        trio.run(self._live, seconds, clock=trio.testing.MockClock(autojump_threshold=0))
        for at, tier in self._last.values():
            self.waits.append(Wait(tier, (self._until - max(at, self._since)).total_seconds()))
        return self.waits

    async def _live(self, seconds: float) -> None:
        clock = TrioClock(START)
        broker, world = SimulatedBroker(11, clock), MemoryWorld()
        times = BridgeTimes(self.visit_seconds - 3 * _READ_SECONDS, _READ_SECONDS)
        bridge = InProcessBroker(SimulatedBridge(broker, self.slots, times), clock)
        random = Random(5)
        accounts, timers, tree = MemoryAccounts(world), Timers(clock), Tree(clock)
        shared = Surroundings(
            store=MemoryAccountStore(world, VAULT),
            broker=_only(bridge, self.slots, clock),
            clock=clock,
            timers=timers,
            random=random,
            failpoint=lambda _name: None,
            on_publish=self._published,
            on_event=lambda _watched, _code, _fields: None,
        )
        fleet = Fleet(accounts, _catalogue(), tree, Registry(), shared)
        leases = MemoryLeases(world, clock, "one", lease_seconds=1e6)
        world.plans[PLAN.content_hash] = PLAN
        for number in range(self.idle + self.sticky):
            card = add_account(broker, "active" if number < self.sticky else "calm")
            await accounts.connect(_wanted(number, card))
        await leases.register()
        placement = PlacementLoop(leases, fleet, clock, random.random)
        with trio.move_on_after(seconds):
            async with trio.open_nursery() as nursery:
                for service in (timers.run, tree.run, placement.run):
                    await nursery.start(service)

    def _published(self, watched: Watched, _before: Published | None, now: Published) -> None:
        key, at = watched.instance.instance_id, now.last_sync_at
        before = self._last.get(key)
        if before is None:
            self._last[key] = (at or START, now.tier)
            return
        if at is None or at <= before[0]:
            return
        self._last[key] = (at, now.tier)
        if at >= self._since:
            since = max(before[0], self._since) if before[0] == START else before[0]
            self.waits.append(Wait(before[1], (at - since).total_seconds()))


def _only(bridge: InProcessBroker, slots: int, clock: TrioClock) -> Bridges:
    free = Pace(1e6, 1_000)
    refusals = Refusals(lambda who: f"{who.server}/{who.login}".encode())
    return Bridges({"only": OneDoor(bridge, slots)}, clock, Rates(free, free), refusals)


def _wanted(number: int, card: AccountCard) -> NewAccount:
    def named(kind: str) -> UUID:
        return uuid5(_IDS, f"{kind} {number}")

    context = Context(named("instance"), card.login, card.server)
    instance = NewInstance(
        named("instance"), named("life"), str(number),
        VAULT.seal(card.investor_password, context),
        VAULT.fingerprint(card.login, card.server, card.investor_password),
        PLAN.name, PLAN.content_hash, 0, START,
    )  # fmt: skip
    owner = Owner("shop", number + 1)
    return NewAccount(named("account"), owner, card.login, card.server, PLAN.name, None, instance)


def _catalogue() -> Catalogue:
    servers = "".join(
        f'[[server]]\nname = "{server.name}"\nclock = "{server.clock.name}"\n'
        for server in SERVERS.values()
    )
    return Catalogue({PLAN.name: PLAN}, parse_brokers(servers, "simulation"))
