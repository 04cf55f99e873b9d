"""Tier A: the product's real rules against an oracle that sees every tick."""

import pytest

from tests.simulation.fleet_run import run_fleet
from tests.simulation.oracle.path import equity_reader, every_tick
from tests.simulation.outcome import FAILURES, Outcome
from tests.simulation.verdicts import compare
from tests.simulation.world.population import World, make_world
from tests.simulation.world.streams import stream
from tests.simulation.world.tempers import USUAL

SEED = 20_260_301


@pytest.fixture(scope="module")
def world() -> World:
    """A hundred accounts for thirty days, with every way to trade."""
    return make_world(SEED, 100, 30, USUAL)


def test_with_quotes_no_breach_of_a_month_is_missed(world: World) -> None:
    """With the quotes between the readings every verdict is the oracle's, to the tick."""
    result = compare(run_fleet(world, rebuild=True).told)
    assert result.failures == []
    assert result.classes[Outcome.INVISIBLE] == 0
    assert result.classes[Outcome.EXACT] > 50
    assert result.anchors > 1000


def test_polling_alone_misses_only_what_no_reading_shows(world: World) -> None:
    """Nothing visible is missed, nothing is false, twice, or off by more than a minor unit."""
    result = compare(run_fleet(world).told)
    assert result.failures == []
    assert sum(result.classes[outcome] for outcome in FAILURES) == 0
    assert result.classes[Outcome.LATE] + result.classes[Outcome.EXACT] > 30


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_seed_gives_the_same_digest(seed: int) -> None:
    """Every (time, account, event) is the same in a second run of the same seed."""
    first, again = (run_fleet(make_world(seed, 6, 5)) for _ in range(2))
    assert first.journal.events > 100
    assert first.journal.digest == again.journal.digest


def test_other_seeds_give_other_digests() -> None:
    """The digest depends on the seed."""
    digests = {run_fleet(make_world(seed, 3, 3)).journal.digest for seed in range(4)}
    assert len(digests) == 4


def test_the_vectorised_path_is_the_plain_sum_of_deals() -> None:
    """Equity at points of the oracle's path equals what booking every deal anew gives."""
    random = stream(SEED, "points")
    for who in make_world(5, 4, 8, USUAL).inhabitants:
        path = every_tick(who.truth, [int(at) for at in who.resets.at]).path
        read = equity_reader(who.truth)
        for row in random.sample(range(len(path.at)), min(40, len(path.at))):
            assert read(int(path.at[row])) == int(path.equity[row])
