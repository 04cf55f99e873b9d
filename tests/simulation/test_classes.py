"""Every class of verdicts has a condition of its own: none is a catch-all for a false breach."""

from datetime import timedelta

import pytest
from attrs import evolve

from tests.simulation.classes import class_of_row, class_of_silence
from tests.simulation.fleet_run import run_fleet
from tests.simulation.mutations import BY_TITLE, planted
from tests.simulation.oracle.rules import Crossing
from tests.simulation.oracles import Oracles
from tests.simulation.outcome import Outcome
from tests.simulation.verdicts import compare
from tests.simulation.watched import Watched
from tests.simulation.world.market import instant_of, msc
from tests.simulation.world.population import World, make_world
from tests.simulation.world.story import Temper


@pytest.fixture(scope="module")
def world() -> World:
    """Seven accounts, one a plan, that lose much in four days."""
    return make_world(4, 7, 4, Temper(sessions=4, risk=0.08, hours=(0.3, 1.2), flows=1))


@pytest.fixture(scope="module")
def watched(world: World) -> list[Watched]:
    """What the product said of them with quotes."""
    return run_fleet(world, rebuild=True).told


def test_a_row_that_only_the_oracle_of_readings_shows_is_false(watched: list[Watched]) -> None:
    """Where every tick denies a breach, an oracle that errs with the product excuses nothing."""
    tried = 0
    for watch in watched:
        for row in watch.firm:
            key = (row.rule_id, row.rule_date if row.rule_type == "daily_loss" else None)
            oracles = Oracles(watch, watch.samples[-1])
            at = msc(row.occurred_at) - 60_000
            both = Crossing(row.rule_id, key[1], at, row.threshold, row.current)
            vars(oracles)["seen"] = {key: both}
            early = evolve(row, occurred_at=instant_of(at))
            outcome = class_of_row(watch, oracles, key, early, watch.samples[-1])
            assert outcome is Outcome.FALSE, (watch.who.number, key)
            tried += 1
    assert tried > 3


def test_a_crossing_without_a_row_is_missed(watched: list[Watched]) -> None:
    """What ticks and readings show, and the product does not say, is missed."""
    crossings = 0
    for watch in watched:
        oracles = Oracles(watch, watch.samples[-1])
        for key in oracles.seen:
            assert class_of_silence(watch, oracles, key, watch.samples[-1]) is Outcome.MISSED
            crossings += 1
    assert crossings > 3


def test_a_row_a_second_off_is_wrong(watched: list[Watched]) -> None:
    """Instant and amounts are the oracle's own."""
    watch = next(one for one in watched if one.firm)
    row, oracles = watch.firm[0], Oracles(watch, watch.samples[-1])
    key = (row.rule_id, row.rule_date if row.rule_type == "daily_loss" else None)
    for other in (
        evolve(row, occurred_at=row.occurred_at + timedelta(seconds=1)),
        evolve(row, threshold=row.threshold + 2),
        evolve(row, current=row.current - 2),
    ):
        assert class_of_row(watch, oracles, key, other, watch.samples[-1]) is Outcome.WRONG


def test_a_false_breach_at_the_first_reading_is_caught(world: World) -> None:
    """A planted bug that breaks rules without a daily anchor at once counts as false."""
    with planted(BY_TITLE["first reading judged too low"]):
        result = compare(run_fleet(world, rebuild=True).told)
    assert result.classes[Outcome.FALSE] >= len(world.inhabitants) // 2


def test_an_account_that_is_lost_when_it_connects_matches_exactly(watched: list[Watched]) -> None:
    """The first reading is a point of every oracle, on a flat account too."""
    watch = watched[0]
    late = evolve(watch, samples=[watch.samples[-1]], firm=[])
    life = Oracles(late, watch.samples[-1]).lives.ticks
    assert watch.samples[-1] in life.path.at
