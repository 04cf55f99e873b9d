"""Which accounts run on this node: leases claimed, renewed and given back.

``decide`` is pure; ``PlacementLoop`` carries it out. A lease's end is told by this node's
monotonic clock less a margin, so an actor has stopped before another node may claim.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol
from uuid import UUID

import trio
from attrs import frozen
from trio import TaskStatus

from actors.ports import Clock, Lease, StoreUnavailable


class Shares(Protocol):
    """How much there is to share, and among how many living nodes."""

    @property
    def fair_share(self) -> int:
        """How many accounts one node should hold at most."""
        ...


class Leases(Protocol):
    """The lease table as this node sees it. Every method may raise StoreUnavailable.

    The ``valid_until`` of a lease was reckoned from before the call was sent.
    """

    async def heartbeat(self, *, draining: bool = False) -> None:
        """Say that this node lives."""
        ...

    async def placement(self) -> Shares:
        """What there is to share."""
        ...

    async def claim(self, most: int) -> Sequence[Lease]:
        """Take up to ``most`` free accounts, the riskiest first; fences go up."""
        ...

    async def renew(self) -> Sequence[Lease]:
        """Prolong all leases of this node; one missing in the answer is lost."""
        ...

    async def release(self, instance_ids: Sequence[UUID] | None = None) -> None:
        """Give these (or all) back, after their actors have stopped."""
        ...


class Runner(Protocol):
    """Starts and stops the actors of leased instances."""

    async def start(self, lease: Lease, first_delay_seconds: float) -> None:
        """Run the instance's actor; its first read waits ``first_delay_seconds``."""
        ...

    def renew(self, lease: Lease) -> None:
        """Move the end of a running actor's lease."""
        ...

    async def stop(self, instance_id: UUID) -> None:
        """End its actor in order and forget it."""
        ...

    async def lapse(self, instance_id: UUID) -> None:
        """End its actor but keep what it published, for readers, until ``start`` or ``stop``."""
        ...

    def spare(self, count: int) -> Sequence[UUID]:
        """The ``count`` least urgent running instances, for another node."""
        ...


@frozen
class PlacementPolicy:
    """``tick_seconds`` between rounds (well inside the lease), ``tranche`` claims per round.

    First reads are spread over ``spread_seconds``. A node gives accounts back only when it holds
    more than ``slack`` times its share, so that shares that round differently do not flap.
    """

    tick_seconds: float = 5.0
    tranche: int = 200
    spread_seconds: float = 5.0
    slack: float = 1.1


@frozen
class Placing:
    """What one round does. ``lost`` stop now; ``surplus`` are stopped and given back."""

    start: tuple[Lease, ...]
    renew: tuple[Lease, ...]
    lost: tuple[UUID, ...]
    claim: int
    surplus: int


def decide(
    held: Mapping[UUID, Lease],
    renewed: Sequence[Lease],
    fair_share: int,
    policy: PlacementPolicy,
    *,
    draining: bool,
) -> Placing:
    """Return what to do, from what runs here (``held``) and what the database says is ours.

    A renewed lease that does not run here was claimed by a call whose answer was lost: start it.
    One with another fence is a new ownership: the old actor stops, a later round starts it anew.
    """
    owned = {lease.instance_id: lease for lease in renewed}
    same = {id_: new for id_, new in owned.items() if id_ in held and held[id_].fence == new.fence}
    unknown = tuple(lease for id_, lease in owned.items() if id_ not in held)
    count = len(owned)
    over = count - fair_share if count > policy.slack * fair_share else 0
    return Placing(
        start=() if draining else unknown,
        renew=tuple(same.values()),
        lost=tuple(id_ for id_ in held if id_ not in same),
        claim=0 if draining else max(0, min(policy.tranche, fair_share - count)),
        surplus=count if draining else min(over, policy.tranche),
    )


class PlacementLoop:
    """Heartbeat, renew, claim. ``random`` in [0, 1) spreads the first reads."""

    def __init__(
        self,
        leases: Leases,
        runner: Runner,
        clock: Clock,
        random: Callable[[], float],
        policy: PlacementPolicy | None = None,
    ) -> None:
        self._leases = leases
        self._runner = runner
        self._clock = clock
        self._random = random
        self._policy = policy or PlacementPolicy()
        self._held: dict[UUID, Lease] = {}
        self._lapsed: set[UUID] = set()
        self._one_round = trio.Lock()
        self.draining = False
        self.reachable = True

    @property
    def held(self) -> Mapping[UUID, Lease]:
        """The leases whose actors run here."""
        return self._held

    async def run(self, *, task_status: TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Place until cancelled. While storage is away the leases run out by themselves."""
        task_status.started()
        while True:
            await self.round()
            await trio.sleep(self._policy.tick_seconds)

    async def round(self, *, spread: bool = True) -> None:
        """One heartbeat, renewal and claim. An outage is a state, seen in ``reachable``.

        ``spread`` False: what is claimed reads at once, because somebody waits for it. Rounds never
        overlap: a lease claimed by one would look like a lost claim to the other.
        """
        async with self._one_round:
            try:
                await self._leases.heartbeat(draining=self.draining)
                renewed = await self._leases.renew()
                shares = await self._leases.placement()
                await self._place(renewed, shares.fair_share, spread=spread)
            except StoreUnavailable:
                self.reachable = False
                await self._lapse()
                return
            self.reachable = True

    async def forget(self, instance_id: UUID) -> None:
        """An actor ended by itself (drained, deactivated): give its lease back.

        Not during a round, which would take the lease for the claim of a lost call.
        """
        async with self._one_round:
            if self._held.pop(instance_id, None) is not None:
                await self._leases.release([instance_id])

    async def drain(self) -> bool:
        """Stop every actor and give all leases back, before a planned stop.

        False when storage could not be told: then the leases run out by themselves.
        """
        self.draining = True
        async with self._one_round:
            await self._stop(tuple(self._held))
            try:
                await self._leases.heartbeat(draining=True)
                await self._leases.release()
            except StoreUnavailable:
                return False
        return True

    async def _place(self, renewed: Sequence[Lease], fair_share: int, *, spread: bool) -> None:
        await self._lapse()
        placing = decide(self._held, renewed, fair_share, self._policy, draining=self.draining)
        for lease in placing.renew:
            self._held[lease.instance_id] = lease
            self._runner.renew(lease)
        owned = {lease.instance_id for lease in renewed}
        await self._stop((*placing.lost, *(self._lapsed - owned)))
        spare = tuple(self._runner.spare(placing.surplus)) if placing.surplus else ()
        if spare:
            await self._stop(spare)
            await self._leases.release(spare)
        claimed = await self._leases.claim(placing.claim) if placing.claim else ()
        found = (lease for lease in placing.start if lease.instance_id not in spare)
        for lease in (*found, *claimed):
            delay = self._random() * self._policy.spread_seconds if spread else 0.0
            await self._runner.start(lease, delay)
            self._held[lease.instance_id] = lease
            self._lapsed.discard(lease.instance_id)

    async def _stop(self, instance_ids: Sequence[UUID]) -> None:
        for instance_id in instance_ids:
            self._held.pop(instance_id, None)
            self._lapsed.discard(instance_id)
        async with trio.open_nursery() as nursery:
            for instance_id in instance_ids:
                nursery.start_soon(self._runner.stop, instance_id)

    async def _lapse(self) -> None:
        """Leases that were not renewed in time have ended their actors (a frozen process, or
        storage away): forget that they run here. Whose they are now, storage will say.
        """
        while expired := self._expired():
            self._lapsed.update(expired)
            async with trio.open_nursery() as nursery:
                for instance_id in expired:
                    del self._held[instance_id]
                    nursery.start_soon(self._runner.lapse, instance_id)

    def _expired(self) -> tuple[UUID, ...]:
        now = self._clock.monotonic()
        return tuple(id_ for id_, lease in self._held.items() if lease.valid_until <= now)
