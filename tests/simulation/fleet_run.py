"""Tier A: a heap of visits over the pure core; every account of a world, in order of time."""

from hashlib import blake2b
from heapq import heapify, heappop, heappush

from attrs import define, field

from tests.simulation.watch import Watch
from tests.simulation.world.population import World


@define
class Journal:
    """The digest of every (time, account, event), and how many there were."""

    events: int = 0
    _hash: "blake2b" = field(factory=lambda: blake2b(digest_size=16))

    def write(self, at: int, account: int, event: str) -> None:
        """Add one event."""
        self.events += 1
        self._hash.update(f"{at} {account} {event}\n".encode())

    @property
    def digest(self) -> str:
        """The digest so far, in hexadecimal."""
        return self._hash.hexdigest()


@define
class FleetRun:
    """A finished run: what was watched, and its journal."""

    world: World
    watches: tuple[Watch, ...]
    journal: Journal

    @property
    def steps(self) -> int:
        """Readings that the product took."""
        return sum(watch.steps for watch in self.watches)


def run_fleet(world: World) -> FleetRun:
    """Watch every account of the world from its connect to the world's end."""
    journal = Journal()
    watches = tuple(Watch(world, who, journal.write) for who in world.inhabitants)
    heap = [(watch.who.connected_at, watch.who.number) for watch in watches]
    heapify(heap)
    while heap:
        at, number = heappop(heap)
        following = watches[number].visit(at)
        if following is not None:
            heappush(heap, (following, number))
    return FleetRun(world, watches, journal)
