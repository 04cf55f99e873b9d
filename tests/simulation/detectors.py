"""What would notice a bug, by its room: the rule-day table, the vectors, and small simulations.

Each detector returns what it noticed, one line each; nothing on a product without bugs.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from attrs import evolve

from tests.fakes.kept_life import KeptLife
from tests.simulation.fleet_run import run_fleet
from tests.simulation.mutations import Room
from tests.simulation.oracle.resets import names, resets
from tests.simulation.rule_day import disagreements
from tests.simulation.verdicts import compare
from tests.simulation.world.plans import BOOK_PLANS, CONDUCT_PLANS, GOAL_PLANS
from tests.simulation.world.population import World, make_world
from tests.simulation.world.story import Temper
from tests.simulation.world.tempers import AMENDED, GAINING, TRADING
from tests.unit.actors.domain.histories import (
    DAILY,
    at,
    closed,
    deal,
    life_of,
    opened,
    plan_of,
    reading,
    seen,
)
from tests.unit.actors.domain.test_rule_vectors import (
    VECTORS,
    test_a_vector_gives_the_stated_floor_used_and_verdict,
)

Detector = Callable[[], Iterator[str]]

MOST_STEPS = 12_000
SMALL = Temper(sessions=3, risk=0.05, hours=(0.3, 1.2), flows=3)


def by_rule_day() -> Iterator[str]:
    """The rule day at a sample of resets and around each change of clocks."""
    for name in names():
        table = resets(name)
        instants = [int(edge) for edge in table.at[1:-1:97]] + list(table.changes)
        around = [edge + step for edge in instants for step in (-60_000, -1, 0, 60_000)]
        yield from (f"rule day of {name}: {told}" for told in disagreements(name, around))


def by_vectors() -> Iterator[str]:
    """The golden vectors."""
    check = test_a_vector_gives_the_stated_floor_used_and_verdict
    for vector in VECTORS:
        try:
            check(vector)
        except AssertionError as error:
            yield f"vector {vector['name']}: {error}"


def by_cases() -> Iterator[str]:
    """A correction that arrives a day late: the present day's anchor gets a further revision."""
    kept = KeptLife(life_of(plan_of(DAILY)), at("02 08:00:00"))
    known = [deal(1, at("02 09:00:00"), 10_000_000), opened(2, at("02 10:00:00"), 7)]
    known.append(closed(3, at("02 11:00:00"), 7, 5_000))
    for early in ("02 12:00:00", "02 23:00:00"):
        kept.told(reading(seen(at(early), 10_005_000), known))
    late = opened(4, at("02 13:00:00"), 8)
    fee = closed(5, at("02 14:00:00"), 8, -700)
    when = at("02 23:01:00")
    effects = kept.told(reading(seen(when, 10_004_300), [*known, late, fee]))
    rows = [(row.revision, row.anchor) for row in effects.rule_days if row.date.day == 3]
    if rows != [(1, 10_004_300)]:
        yield f"late deal: {rows}"


_worlds: list[World] = []


def by_simulation() -> Iterator[str]:
    """Small worlds with many sessions, flows and restarts, judged by the oracle."""
    if not _worlds:
        _worlds.extend(make_world(seed, 14, 4, SMALL) for seed in (3, 4))
    for world in _worlds:
        yield from compare(run_fleet(world, unrest=10.0, most_steps=MOST_STEPS).told).failures


def by_amended_books() -> Iterator[str]:
    """A small world whose brokers amend their books by hours."""
    world = make_world(1, 9, 9, evolve(AMENDED, amendments=3), BOOK_PLANS)
    yield from compare(run_fleet(world, most_steps=MOST_STEPS).told).failures


def by_goals() -> Iterator[str]:
    """A small world whose phases have objectives."""
    world = make_world(5, 8, 6, GAINING, GOAL_PLANS)
    yield from compare(run_fleet(world, most_steps=40_000).told).failures


def by_conduct() -> Iterator[str]:
    """A small world whose plans have rules on conduct."""
    world = make_world(3, 10, 8, TRADING, CONDUCT_PLANS)
    yield from compare(run_fleet(world, most_steps=40_000).told).failures


DETECTORS: Mapping[Room, tuple[Detector, ...]] = {
    "losses": (by_vectors, by_cases, by_rule_day, by_simulation),
    "books": (by_amended_books,),
    "goals": (by_goals,),
    "conduct": (by_conduct,),
}


def first_noticed(room: Room) -> str | None:
    """The first thing that a detector of the room notices. A crash is noticed too."""
    try:
        return next(chain.from_iterable(detector() for detector in DETECTORS[room]), None)
    except Exception as error:  # noqa: BLE001 - a mutated product may fail in any way
        return f"crash: {type(error).__name__}: {error}"
