"""Tier A: a heap of visits over the pure core; every account of a world, in order of time."""

from hashlib import blake2b
from heapq import heapify, heappop, heappush

from attrs import define, field

from tests.simulation.watch import Watch
from tests.simulation.watched import Watched
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
    def told(self) -> list[Watched]:
        """What the product said of each account."""
        return [watch.told for watch in self.watches]

    @property
    def steps(self) -> int:
        """Readings that the product took."""
        return sum(watch.steps for watch in self.watches)


class Runaway(Exception):
    """The product asked for far more readings than its intervals allow."""


def run_fleet(
    world: World, *, rebuild: bool = False, unrest: float = 1.0, most_steps: int | None = None
) -> FleetRun:
    """Watch every account of the world from its connect to the world's end.

    ``rebuild`` hands out the quotes between the readings. ``unrest`` multiplies how often a
    reading fails or the actor is killed. Raises Runaway beyond ``most_steps`` visits.
    """
    journal = Journal()
    watches = tuple(
        Watch(world, who, journal.write, unrest, rebuild=rebuild) for who in world.inhabitants
    )
    heap = [(watch.who.connected_at, watch.who.number) for watch in watches]
    heapify(heap)
    visits = 0
    while heap:
        visits += 1
        if most_steps is not None and visits > most_steps:
            raise Runaway(f"{visits} visits")
        at, number = heappop(heap)
        following = watches[number].visit(at)
        if following is not None:
            heappush(heap, (following, number))
    return FleetRun(world, watches, journal)
