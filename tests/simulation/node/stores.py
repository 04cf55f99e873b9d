"""The storage side of tier B: the memory stores, with outages, and a record of what was kept."""

from random import Random
from uuid import UUID

import trio
from attrs import define, field

from actors.domain.account import AccountInstance
from actors.domain.life import StoredLife
from actors.domain.violation import Violation
from actors.ports import Clock, Credentials, Standing, StoreUnavailable, SyncUnit
from storage.memory import MemoryAccountStore, MemoryLeases
from tests.simulation.world.market import msc

_FAULT_SHARE = 0.002


@define
class Kept:
    """What storage took of one instance, in order, and what must never happen with it."""

    seq: int = 0
    fence: int = 0
    samples: list[int] = field(factory=list)
    promises: list[tuple[int, float]] = field(factory=list)
    violations: list[Violation] = field(factory=list)
    broken: list[str] = field(factory=list)

    def take(self, unit: SyncUnit, now: int) -> None:
        """Note a unit that storage holds now; a repeated one is the same."""
        if unit.sync_seq == self.seq:
            return
        if unit.sync_seq != self.seq + 1:
            self.broken.append(f"sync {unit.sync_seq} after {self.seq}")
        if unit.fence < self.fence:
            self.broken.append(f"fence {unit.fence} wrote after {self.fence}")
        self.seq, self.fence = unit.sync_seq, unit.fence
        self.samples.append(msc(unit.observed_at))
        self.violations += unit.effects.violations
        if unit.next_sync_at is not None:
            self.promises.append((now, max(30.0, (msc(unit.next_sync_at) - now) / 1000)))


@define
class Outage:
    """While ``until`` lies ahead storage answers nobody."""

    until: float = 0.0

    def check(self, clock: Clock) -> None:
        """Raise StoreUnavailable while it lasts."""
        if clock.monotonic() < self.until:
            raise StoreUnavailable


class ShakyStore:
    """Implements ``actors.ports.AccountStore``: sometimes fails before or after the write."""

    def __init__(
        self, inner: MemoryAccountStore, outage: Outage, clock: Clock, random: Random
    ) -> None:
        self._inner, self._outage, self._clock, self._random = inner, outage, clock, random
        self.kept: dict[UUID, Kept] = {}

    async def load(self, instance: AccountInstance, *, past: bool = False) -> StoredLife:
        await self._work()
        return await self._inner.load(instance, past=past)

    async def commit(self, unit: SyncUnit) -> None:
        await self._work()
        await self._inner.commit(unit)
        kept = self.kept.setdefault(unit.instance.instance_id, Kept())
        kept.take(unit, msc(self._clock.now()))
        if self._random.random() < _FAULT_SHARE:
            raise StoreUnavailable  # written, but nobody was told

    async def record(self, standing: Standing) -> None:
        await self._work()
        await self._inner.record(standing)

    async def credentials(self, instance_id: UUID) -> Credentials | None:
        await self._work()
        return await self._inner.credentials(instance_id)

    async def _work(self) -> None:
        await trio.sleep(0.01)
        self._outage.check(self._clock)
        if self._random.random() < _FAULT_SHARE:
            raise StoreUnavailable


class ShakyLeases(MemoryLeases):
    """Leases that cannot be renewed during an outage."""

    outage: Outage
    clock: Clock

    async def heartbeat(self, *, draining: bool = False) -> None:
        self.outage.check(self.clock)
        await super().heartbeat(draining=draining)
