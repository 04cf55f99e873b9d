"""Anchors at a day's end: what is known of them, and what is sure."""

from decimal import Decimal

import pytest

from actors.domain.anchor import at_day_end
from actors.domain.ledger import Sums
from actors.domain.plan_file import parse_plan
from actors.domain.progress import Boundary, PositionSight, Sight
from actors.domain.snapshot import Side
from tests.unit.actors.domain.histories import at, rule

PLAN = parse_plan(
    'name = "test"\ntitle = "Test"\nversion = 1\n[[phases]]\nname = "One"\n'
    + rule(
        "eod", "overall_loss", anchor='"eod_high"', eod_of='"worst"',
        allowance="{ percent = 6 }", cash_flow='"shift"',
    ),
    "test.toml",
)  # fmt: skip


@pytest.mark.parametrize(
    ("floating", "value", "sure"), [(500, 1000, 1000), (0, 1000, 1000), (-500, 500, 500)]
)
def test_the_worse_of_balance_and_equity_is_as_sure_as_it_is_known(
    floating: int, value: int, sure: int
) -> None:
    """With an observed floating result the lower of both is exact: nothing higher is sure."""
    edge = at("02 22:00:00")
    one = Decimal(1)
    position = PositionSight(7, one, floating, "EURUSD", Side.BUY, one, one, 0)
    sight = Sight(at("02 21:59:30"), 1000, 1000 + floating, 0, (position,))
    boundary = Boundary(edge, Sums(1000), False, floating, qualified=True, sight=sight)
    ended = at_day_end(PLAN.phases[0].rules[0], boundary)
    assert (ended.value, ended.sure) == (value, sure)
