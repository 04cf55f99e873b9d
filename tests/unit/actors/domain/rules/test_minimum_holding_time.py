"""Minimum holding time: judged by closes whose position's opening is known, and by no other."""

from datetime import timedelta

import pytest

from actors.domain.deals import Deal
from actors.domain.violation import Violation
from tests.fakes.kept_life import KeptLife
from tests.unit.actors.domain.histories import (
    DAILY,
    at,
    closed,
    deal,
    life_of,
    opened,
    plan_of,
    reading,
    rule,
    seen,
)

HOLD = plan_of(DAILY + rule("hold", "minimum_holding_time", seconds="60"))
BEGAN, NOON = at("02 06:00:00"), at("02 12:00:00")


def found(*trades: Deal) -> tuple[Violation, ...]:
    """What a reading after these deals gives."""
    kept, deals = KeptLife(life_of(HOLD), BEGAN), [deal(1, BEGAN, 10_000_000)]
    kept.told(reading(seen(at("02 06:30:00"), 10_000_000), deals))
    deals += trades
    balance = sum(one.amount for one in deals)
    return kept.told(reading(seen(at("02 13:00:00"), balance), deals)).violations


@pytest.mark.parametrize(
    ("held", "breaks"),
    [
        (timedelta(seconds=60, milliseconds=-1), True),
        (timedelta(seconds=60), False),
        (timedelta(seconds=60, milliseconds=1), False),
    ],
)
def test_a_position_may_be_closed_from_the_limit_on(held: timedelta, breaks: bool) -> None:
    """A millisecond too early is a breach; the limit itself is long enough."""
    rows = found(opened(2, NOON, 7), closed(3, NOON + held, 7, 100))
    assert [(row.threshold, row.current) for row in rows] == ([(60_000, 59_999)] if breaks else [])


def test_the_shortest_close_of_an_instant_is_told() -> None:
    """Of two closes in one instant the younger position's is the finding."""
    end = NOON + timedelta(seconds=50)
    rows = found(
        opened(2, NOON, 7), opened(3, NOON + timedelta(seconds=20), 8),
        closed(4, end, 7, 0), closed(5, end, 8, 0),
    )  # fmt: skip
    assert [(row.current, row.evidence["facts"]["position_id"]) for row in rows] == [(30_000, 8)]


def test_what_is_added_to_a_position_of_unknown_age_opens_nothing() -> None:
    """A part of it was closed first, so it was open already when the new deal came."""
    assert (
        found(
            closed(2, NOON, 7, 100),
            opened(3, NOON + timedelta(seconds=10), 7),
            closed(4, NOON + timedelta(seconds=40), 7, 100),
        )
        == ()
    )


def test_an_add_does_not_make_a_position_younger() -> None:
    """The first opening counts for every close, whatever was added since."""
    assert (
        found(
            opened(2, NOON, 7),
            opened(3, NOON + timedelta(seconds=50), 7),
            closed(4, NOON + timedelta(seconds=60), 7, 100),
            closed(5, NOON + timedelta(seconds=70), 7, 100),
        )
        == ()
    )
