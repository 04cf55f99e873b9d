"""The calendar tells each rule day once, by the newest word of every rule."""

from datetime import date
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from actors.domain.rule_day import Coverage
from actors.domain.statistics.days import calendar
from tests.unit.actors.domain.histories import at
from tests.unit.actors.domain.statistics.made import row

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
START = at("01 22:00:00")


@given(st.integers())
def test_the_newest_revision_counts_in_any_order(seed: int) -> None:
    """Two rules, one of them revised and unproven: one day, with the revised figures."""
    rows = [
        row(MONDAY, START, 100, result=5, rule_id="a"),
        row(MONDAY, START, 100, result=7, rule_id="a", revision=1),
        row(MONDAY, START, None, result=7, rule_id="b", unproven=True),
        row(TUESDAY, at("02 22:00:00"), 107, rule_id="a"),
    ]
    first, second = calendar(Random(seed).sample(rows, len(rows)))
    assert (first.date, first.closed_result, first.equity) == (MONDAY, 7, 100)
    assert (first.unproven, second.unproven) == (True, False)


def test_what_is_unknown_of_the_first_day_is_no_trading() -> None:
    """Nobody could see an account before it began; later on an unseen stretch is one with risk."""
    unseen = Coverage(flat_seconds=400.0, unknown_seconds=86_000.0)
    both = [
        row(MONDAY, START, 100, coverage=unseen),
        row(TUESDAY, at("02 22:00:00"), 100, coverage=unseen),
    ]
    assert [day.has_trading for day in calendar(both)] == [False, True]
    assert calendar([row(MONDAY, START, 100, trades=1)])[0].has_trading


def test_a_row_that_was_revised_does_not_come_back() -> None:
    """Read after its revision, the older row changes nothing."""
    rows = [row(MONDAY, START, 100, result=7, revision=1), row(MONDAY, START, 100, result=5)]
    assert [day.closed_result for day in calendar(rows)] == [7]
