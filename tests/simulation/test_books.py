"""Books that a broker amends afterwards, by hours, against the oracle of their editions."""

import pytest

from tests.simulation.fleet_run import run_fleet
from tests.simulation.outcome import Outcome
from tests.simulation.verdicts import compare
from tests.simulation.world.plans import BOOK_PLANS
from tests.simulation.world.population import World, make_world
from tests.simulation.world.tempers import AMENDED


@pytest.fixture(scope="module")
def world() -> World:
    """Eighteen accounts for nine days, two amendments each."""
    return make_world(1, 18, 9, AMENDED, BOOK_PLANS)


@pytest.mark.parametrize("rebuild", [True, False])
def test_every_amendment_is_told_and_every_day_it_touches_revised(
    world: World, rebuild: bool
) -> None:
    """Late, changed and vanished deals: one discrepancy each, revisions with a cause, and no
    verdict but those that the books of its time show.
    """
    result = compare(run_fleet(world, rebuild=rebuild).told)
    assert result.failures == []
    assert result.classes[Outcome.TOLD] > 10
    assert result.classes[Outcome.REVISED] > 8
