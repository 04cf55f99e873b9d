"""Anchors at a day's end: what is known of them, and what is sure."""

from datetime import timedelta
from decimal import Decimal

import pytest
from attrs import evolve

from actors.domain.anchor import Graded, at_day_end, boundary_of, equity_at, with_line
from actors.domain.deals import Deal
from actors.domain.drawdown import floor_from, measure
from actors.domain.ledger import Ledger, Sums, merge, open_at
from actors.domain.plan import Allowance, AllowanceOf
from actors.domain.plan_file import parse_plan
from actors.domain.progress import Boundary, PositionSight, Sight
from actors.domain.rule_day import AnchorGrade
from actors.domain.snapshot import Side
from tests.unit.actors.domain.histories import DAILY, at, opened, plan_of, rule

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


EDGE = at("02 22:00:00")
RULE = plan_of(DAILY).phases[0].rules[0]


def sighted(age: timedelta, volume: str = "1") -> Sight:
    """A long that floats -500, seen ``age`` before the boundary."""
    one = Decimal(1)
    held = PositionSight(7, Decimal(volume), -500, "EURUSD", Side.BUY, one, one, 0)
    return Sight(EDGE - age, 1000, 500, 0, (held,))


def at_edge(sight: Sight, *later: Deal) -> Graded:
    """What equity is known to be at the boundary, by the deals and this sight."""
    ledger = merge(Ledger(), [opened(1, at("02 06:00:00"), 7), *later]).ledger
    volumes = open_at(ledger, EDGE, inclusive=False)
    return equity_at(boundary_of(EDGE, Sums(1000), volumes, sight, ledger), RULE)


@pytest.mark.parametrize(
    ("late", "grade"),
    [
        (timedelta(), AnchorGrade.OBSERVED),
        (timedelta(microseconds=-1), AnchorGrade.OBSERVED),
        (timedelta(microseconds=1), AnchorGrade.CARRIED),
    ],
)
def test_an_observation_is_at_most_two_minutes_old(late: timedelta, grade: AnchorGrade) -> None:
    """At 120 s it is still observed, a microsecond later it is carried."""
    found = at_edge(sighted(timedelta(seconds=120) + late))
    assert (found.grade, found.value) == (grade, 500)


def test_a_deal_stamped_at_the_boundary_is_the_new_days() -> None:
    """It disqualifies no observation; one a moment earlier does."""
    sight = sighted(timedelta(seconds=30))
    assert at_edge(sight, opened(2, EDGE, 7)).grade is AnchorGrade.OBSERVED
    before = opened(2, EDGE - timedelta(milliseconds=1), 7)
    assert at_edge(sight, before).grade is AnchorGrade.CARRIED


def test_a_volume_that_the_deals_do_not_know_disqualifies() -> None:
    """The terminal showed two lots where the deals give one: nothing is proven by it."""
    assert at_edge(sighted(timedelta(seconds=30), "2")).grade is AnchorGrade.CARRIED


@pytest.mark.parametrize(
    ("value", "crossed", "surely"),
    [(97_001, False, False), (97_000, True, False), (95_061, True, False), (95_060, True, True)],
)
def test_only_what_every_possible_anchor_gives_is_sure(
    value: int, crossed: bool, surely: bool
) -> None:
    """Anchor 100,000 or as low as 98,000: the sure floor is 98,000 less 3 % of 98,000."""
    percent = Allowance(AllowanceOf.ANCHOR, percent=Decimal(3))
    rule_ = evolve(RULE, allowance=percent)
    anchor = Graded(100_000, 98_000, AnchorGrade.CARRIED, "")
    floor = floor_from(rule_, 100_000, 2, 0, anchor)
    assert (floor.floor, floor.sure) == (97_000, 95_060)
    found = measure(rule_, floor, value)
    assert (found.crossed, found.surely) == (crossed, surely)


def test_swap_booked_after_the_boundary_is_no_part_of_the_line() -> None:
    """-500 to -1,100 within two minutes, 300 of it swap: half of the other 300 at the half."""
    one = Decimal(1)
    sight = sighted(timedelta(minutes=1))
    ledger = merge(Ledger(), [opened(1, at("02 06:00:00"), 7)]).ledger
    volumes = open_at(ledger, EDGE, inclusive=False)
    later = PositionSight(7, one, -1_100, "EURUSD", Side.BUY, one, one, -300)
    after = Sight(EDGE + timedelta(minutes=1), 1000, -100, 0, (later,))
    boundary = with_line(boundary_of(EDGE, Sums(1000), volumes, sight, ledger), after, ledger)
    assert boundary.interpolated == -650
