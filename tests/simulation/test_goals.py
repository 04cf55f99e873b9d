"""Objectives: the phase is passed at the reading at which the oracle says so, and never else."""

import pytest

from tests.simulation.fleet_run import run_fleet
from tests.simulation.outcome import Outcome
from tests.simulation.verdicts import compare
from tests.simulation.world.plans import GOAL_PLANS
from tests.simulation.world.population import World, make_world
from tests.simulation.world.tempers import GAINING


@pytest.fixture(scope="module")
def world() -> World:
    """Twelve accounts for ten days under every definition of a trading day."""
    return make_world(7, 12, 10, GAINING, GOAL_PLANS)


def test_phases_are_passed_when_the_oracle_says(world: World) -> None:
    """Target, trading days and consistency hold together at the first reading that shows it."""
    result = compare(run_fleet(world).told)
    assert result.failures == []
    assert result.classes[Outcome.PASSED] > 3
