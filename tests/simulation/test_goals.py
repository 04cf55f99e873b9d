"""Objectives: the phase is passed at the reading at which the oracle says so, and never else."""

import pytest

from tests.simulation.detectors import GAINING
from tests.simulation.fleet_run import run_fleet
from tests.simulation.mutations import BY_TITLE, planted
from tests.simulation.outcome import FAILURES, Outcome
from tests.simulation.verdicts import compare
from tests.simulation.world.plans import GOAL_PLANS
from tests.simulation.world.population import World, make_world


@pytest.fixture(scope="module")
def world() -> World:
    """Twenty accounts for ten days under every definition of a trading day."""
    return make_world(2, 20, 10, GAINING, GOAL_PLANS)


def test_phases_are_passed_when_the_oracle_says(world: World) -> None:
    """Target, trading days and consistency hold together at the first reading that shows it."""
    result = compare(run_fleet(world).told)
    assert result.failures == []
    assert result.classes[Outcome.PASSED] > 3


@pytest.mark.parametrize(
    "title",
    ["passed with a position open", "payout counted against the target", "every day a trading day"],
)
def test_a_planted_bug_in_the_objectives_is_noticed(world: World, title: str) -> None:
    """The oracle of objectives alone notices it."""
    with planted(BY_TITLE[title]):
        result = compare(run_fleet(world).told)
    assert any(result.classes[outcome] for outcome in FAILURES)
