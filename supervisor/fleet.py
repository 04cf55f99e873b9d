"""The accounts that this node watches: what should run, what runs, and who waits for whom.

Placement decides by leases which instances run here; the fleet builds their actors as children
of the tree and keeps the registry of those that are here.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from random import Random
from typing import Protocol
from uuid import UUID

import trio
from attrs import define, field, frozen

from actors.account import AccountActor
from actors.breaker import ServerBreaker
from actors.domain.account import ConnectionState, InitialBalanceSource, LifeReason, Tier
from actors.domain.fault_code import FaultCode
from actors.domain.life import Life
from actors.domain.plan import Plan
from actors.domain.plan_file import plan_from_document
from actors.domain.published import Published
from actors.domain.risk_tier import TierLimits
from actors.domain.state import Reading
from actors.lease import HeldLease
from actors.mailbox import Mailbox
from actors.ports import AccountStore, Broker, Clock, Lease
from actors.ref import ActorRef
from actors.registry import Registry
from actors.timers import Timers
from storage.lives import Watched
from supervisor.catalogue import Catalogue
from supervisor.child_spec import ChildSpec
from supervisor.first_login import DECIDED, FirstLogin
from supervisor.incarnation import UNKNOWN_SERVER, Incarnation
from supervisor.parking import Parking
from supervisor.status import ActorFacts
from supervisor.tree import ChildState, Tree

_FRESH_STARTS = frozenset({LifeReason.RESET, LifeReason.PHASE})
"""Lives that begin inside an account's history; a connect takes all of it as its own."""
CRASHED = FaultCode.CRASHED.value
"""The error code of an account in quarantine: its actor crashed too often."""
_LEAST_URGENT = {Tier.IDLE: 0, Tier.ACTIVE: 1, Tier.BREACH_RISK: 2}

OnPublish = Callable[[Watched, Published | None, Published], None]
OnEvent = Callable[[Watched, str, Mapping[str, object]], None]


class LiveAccounts(Protocol):
    """Where the fleet looks an instance up before it runs it."""

    async def of_ids(self, instance_ids: tuple[UUID, ...]) -> tuple[Watched, ...]:
        """The live ones among these instances. Raises StoreUnavailable."""
        ...


@frozen
class Surroundings:
    """What every actor of this node shares."""

    store: AccountStore
    broker: Broker
    clock: Clock
    timers: Timers
    random: Random
    failpoint: Callable[[str], None]
    on_publish: OnPublish
    on_event: OnEvent
    limits: TierLimits = field(factory=TierLimits)


@frozen
class _Beginning:
    """What only the first incarnation after a claim gets; a crash must not repeat it."""

    first_delay_seconds: float = 0.0
    held: Reading | None = None


@define(eq=False)
class _Member:
    watched: Watched
    lease: HeldLease
    ref: ActorRef
    beginning: _Beginning
    incarnation: Incarnation | None = None


@define
class Fleet:
    """Runs actors for leases (``supervisor.placement.Runner``)."""

    accounts: LiveAccounts
    catalogue: Catalogue
    tree: Tree
    registry: Registry
    shared: Surroundings
    _members: dict[UUID, _Member] = field(factory=dict, init=False)
    _plans: dict[str, Plan] = field(factory=dict, init=False)
    _breakers: dict[str, ServerBreaker] = field(factory=dict, init=False)
    _changed: trio.Event = field(factory=trio.Event, init=False)

    async def start(self, lease: Lease, first_delay_seconds: float) -> None:
        """Run the leased instance's actor; nothing happens when it was deactivated meanwhile."""
        found = await self.accounts.of_ids((lease.instance_id,))
        held = _left_by(self._forget(lease.instance_id), lease)
        for watched in found:
            self._begin(watched, lease, _Beginning(first_delay_seconds, held))

    def renew(self, lease: Lease) -> None:
        """Move the end of a running actor's lease."""
        member = self._members.get(lease.instance_id)
        if member is not None:
            member.lease.renew(lease)

    async def stop(self, instance_id: UUID) -> None:
        """End the instance's actor in order and forget it."""
        await self.lapse(instance_id)
        self._forget(instance_id)

    async def lapse(self, instance_id: UUID) -> None:
        """End the instance's actor; what it published stays readable until start or stop."""
        await self.tree.stop(str(instance_id))

    def _forget(self, instance_id: UUID) -> _Member | None:
        member = self._members.pop(instance_id, None)
        if member is not None:
            self.registry.remove(member.ref)
        return member

    def spare(self, count: int) -> Sequence[UUID]:
        """The least urgent instances, for another node."""
        urgency = {instance_id: self._urgency(instance_id) for instance_id in self._members}
        return sorted(urgency, key=urgency.__getitem__)[:count]

    async def restart(self, instance_id: UUID) -> bool:
        """Start the actor anew from storage, also out of quarantine; False when not here."""
        member = self._members.get(instance_id)
        if member is None:
            return False
        found = await self.accounts.of_ids((instance_id,))
        if found:
            member.watched = found[0]
        try:
            await self.tree.restart(str(instance_id))
        except KeyError:
            return False
        return True

    async def settled(self, instance_id: UUID, seconds: float) -> FirstLogin:
        """Wait until the instance's first login is decided, and tell how."""
        with trio.move_on_after(seconds):
            while self._state(instance_id) not in DECIDED:
                await self._changed.wait()
        ref = self.registry.instance(instance_id)
        code = ref.published.last_error_code if ref is not None and ref.published else None
        return FirstLogin(self._state(instance_id), code)

    def watched(self, account_id: UUID) -> Watched | None:
        """The account as its running actor was started with, None when none runs here."""
        ref = self.registry.account(account_id)
        member = self._members.get(ref.instance_id) if ref is not None else None
        return member.watched if member is not None else None

    @property
    def breakers(self) -> Mapping[str, ServerBreaker]:
        """The breakers of the servers that accounts here were read at, by casefolded name."""
        return self._breakers

    def facts(self, instance_id: UUID) -> ActorFacts:
        """What the status shows beside the published state."""
        member = self._members.get(instance_id)
        row = self.tree.row(str(instance_id))
        return ActorFacts(
            restarts=row.restarts if row else 0,
            condition=self._condition(instance_id),
            fence=member.lease.fence if member else None,
        )

    def quarantined(self, instance_id: UUID) -> bool:
        """True while the instance's actor is left ended, because it crashed too often."""
        row = self.tree.row(str(instance_id))
        return row is not None and row.state is ChildState.QUARANTINED

    def _condition(self, instance_id: UUID) -> ConnectionState | None:
        """The condition while no actor works, None while one does."""
        if self.quarantined(instance_id):
            return ConnectionState.QUARANTINED
        member = self._members.get(instance_id)
        waits = member is not None and member.incarnation is not None and member.incarnation.waiting
        return ConnectionState.NEEDS_OPERATOR if waits else None

    def _begin(self, watched: Watched, lease: Lease, beginning: _Beginning) -> None:
        instance = watched.instance
        held = HeldLease(lease)
        ref = self._ref(watched)
        member = _Member(watched, held, ref, beginning)
        self._members[instance.instance_id] = member

        def incarnate() -> Incarnation:
            if not member.ref.alive:
                member.ref = self._ref(member.watched)
            self.registry.add(member.ref)
            first, member.beginning = member.beginning, _Beginning()
            member.incarnation = Incarnation(
                member.ref,
                held,
                life=lambda: self.life(member.watched),
                actor=lambda life: self._actor(member, life, first),
                park=lambda: self._park(member, ConnectionState.NEEDS_OPERATOR, UNKNOWN_SERVER),
            )
            return member.incarnation

        def quarantined() -> Awaitable[None]:
            return self._park(member, ConnectionState.QUARANTINED, CRASHED)

        child_id = str(instance.instance_id)
        self.tree.start(ChildSpec(child_id, incarnate, on_quarantine=quarantined))

    async def _park(self, member: _Member, condition: ConnectionState, code: str) -> None:
        shared, instance = self.shared, member.watched.instance
        parking = Parking(shared.store, shared.clock, shared.random.random)
        await parking.settle(instance, member.lease.fence, member.ref, condition, code)

    def _ref(self, watched: Watched) -> ActorRef:
        instance = watched.instance

        def published(before: Published | None, now: Published) -> None:
            self._changed.set()
            self._changed = trio.Event()
            self.shared.on_publish(watched, before, now)

        return ActorRef(instance.account_id, instance.instance_id, Mailbox(), on_publish=published)

    def _actor(self, member: _Member, life: Life, beginning: _Beginning) -> AccountActor:
        watched, shared = member.watched, self.shared
        return AccountActor(
            life,
            watched.instance,
            member.lease,
            store=shared.store,
            broker=shared.broker,
            breaker=self._breaker(watched.account.server),
            clock=shared.clock,
            timers=shared.timers,
            random=shared.random.random,
            ref=member.ref,
            failpoint=shared.failpoint,
            on_event=lambda code, fields: shared.on_event(watched, code, fields),
            first_delay_seconds=beginning.first_delay_seconds,
            held=beginning.held,
            limits=shared.limits,
        )

    def life(self, watched: Watched) -> Life | None:
        """What the actor watches; None while the broker table does not name the server."""
        instance = watched.instance
        plan = self._plans.get(instance.plan_hash)
        if plan is None:
            plan = self._plans[instance.plan_hash] = plan_from_document(watched.plan_document)
        on = self.shared.clock.now().date()
        if not self.catalogue.knows_server(watched.account.server, on):
            return None
        source = watched.initial_balance_source or InitialBalanceSource.MT5_DEPOSITS
        return Life(
            life_id=instance.life_id,
            instance_id=instance.instance_id,
            account_id=instance.account_id,
            started_at=instance.started_at,
            plan=plan,
            phase=instance.phase,
            server_clock=self.catalogue.clock(watched.account.server, on),
            ordered_initial_balance=instance.ordered_initial_balance,
            initial_balance_source=source,
            deals_from=instance.started_at if watched.life_reason in _FRESH_STARTS else None,
        )

    def _breaker(self, server: str) -> ServerBreaker:
        name = server.casefold()
        if name not in self._breakers:
            self._breakers[name] = ServerBreaker()
        return self._breakers[name]

    def _state(self, instance_id: UUID) -> ConnectionState | None:
        ref = self.registry.instance(instance_id)
        return ref.published.connection_state if ref and ref.published else None

    def _urgency(self, instance_id: UUID) -> int:
        ref = self.registry.instance(instance_id)
        return _LEAST_URGENT[ref.published.tier] if ref and ref.published else 0


def _left_by(former: _Member | None, lease: Lease) -> Reading | None:
    """The reading that a lapsed actor could not store, if nobody else had the account since."""
    if former is None or former.incarnation is None or former.lease.fence != lease.fence:
        return None
    worker = former.incarnation.worker
    return None if worker is None else worker.unstored
