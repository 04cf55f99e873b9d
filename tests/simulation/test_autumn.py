"""Autumn: servers turn back their clocks on Sundays on which crypto trades on."""

import pytest
from attrs import evolve

from tests.simulation.fleet_run import run_fleet
from tests.simulation.verdicts import compare
from tests.simulation.world.plans import BOOK_PLANS, CONDUCT_PLANS, FirmPlan
from tests.simulation.world.population import AUTUMN, make_world
from tests.simulation.world.tempers import TRADING


@pytest.mark.parametrize("firms", [BOOK_PLANS, CONDUCT_PLANS])
def test_deals_of_the_hour_told_twice_are_judged_at_their_instants(
    firms: tuple[FirmPlan, ...],
) -> None:
    """Nothing is late, false or wrong where two deals have the same wall time an hour apart."""
    world = make_world(3, 8, 15, evolve(TRADING, twice_told=True), firms, start=AUTUMN)
    turned = [who for who in world.inhabitants if who.server.zone != "UTC"]
    assert len(turned) > 3
    assert compare(run_fleet(world).told).failures == []
