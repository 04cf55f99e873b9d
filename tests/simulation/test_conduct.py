"""Rules on conduct: each breach at the oracle's instant, with its value, and never else."""

from collections import Counter

import pytest

from tests.simulation.fleet_run import run_fleet
from tests.simulation.outcome import Outcome
from tests.simulation.verdicts import compare
from tests.simulation.world.plans import CONDUCT_PLANS
from tests.simulation.world.population import World, make_world
from tests.simulation.world.tempers import TRADING


@pytest.fixture(scope="module")
def world() -> World:
    """Sixteen accounts for twelve days in which New York changes its clocks."""
    return make_world(3, 16, 12, TRADING, CONDUCT_PLANS)


def test_every_breach_of_conduct_is_told_once_at_its_instant(world: World) -> None:
    """Rule day, instant, value and limit are the oracle's; every rule is broken somewhere."""
    run = run_fleet(world)
    result = compare(run.told)
    assert result.failures == []
    assert result.classes[Outcome.CONDUCT] > 60
    broken = Counter(row.rule_id for told in run.told for row in told.firm)
    assert {rule.rule_id for plan in CONDUCT_PLANS for rule in plan.conduct} <= set(broken)
