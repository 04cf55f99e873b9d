"""Groups split the closed positions without a rest, by the close's rule day and wall clock."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.snapshot import Side
from actors.domain.statistics.groups import Dimension, Groups
from actors.domain.statistics.results import Results
from actors.domain.trades import Trade
from actors.domain.trading_day import RuleClock
from tests.unit.actors.domain.statistics.made import trade

TEHRAN = RuleClock(ZoneInfo("Asia/Tehran"), time(1, 30))
TRADES = st.lists(
    st.builds(
        trade,
        st.integers(min_value=-5000, max_value=5000),
        st.builds("{:02d} {:02d}:30:00".format, st.integers(1, 28), st.integers(0, 23)),
        held=st.none() | st.floats(min_value=0, max_value=10**6),
        symbol=st.sampled_from(["EURUSD", "XAUUSD", "US30"]),
        side=st.sampled_from(Side),
    )
)


def names(trades: list[Trade], dimension: Dimension) -> list[str]:
    """Names of the dimension's groups."""
    return [name for name, _ in Groups.of(trades, TEHRAN).by(dimension)]


@given(TRADES, TRADES)
def test_each_dimension_adds_up_to_the_whole(some: list[Trade], others: list[Trade]) -> None:
    """The groups of two halves, put together, hold every position once in each dimension."""
    groups = Groups.of(some, TEHRAN).plus(Groups.of(others, TEHRAN))
    for dimension in Dimension:
        total = Results()
        for _, results in groups.by(dimension):
            total = total.plus(results)
        assert total == Results.of([*some, *others])


def test_an_open_position_is_in_no_group() -> None:
    """What has not closed has no result yet, in any dimension."""
    running = evolve(trade(500), closed_at=None)
    assert Groups.of([running, trade(1)], TEHRAN) == Groups.of([trade(1)], TEHRAN)


def test_the_weekday_is_the_rule_days_and_the_hour_the_walls() -> None:
    """Tuesday 3 March, 00:59 in Tehran, is before the reset: Monday's rule day, hour 0.

    Two minutes after the reset of 01:30 it is Tuesday's, hour 1.
    """
    early, late = trade(1, "02 21:29:00"), trade(1, "02 22:02:00")
    assert names([early], Dimension.WEEKDAY) == ["monday"]
    assert names([early], Dimension.HOUR) == ["00"]
    assert names([late], Dimension.WEEKDAY) == ["tuesday"]
    assert names([late], Dimension.HOUR) == ["01"]


@pytest.mark.parametrize(
    ("held", "name"),
    [
        (0, "under_1m"), (59.999, "under_1m"), (60, "1m_to_5m"), (300, "5m_to_15m"),
        (899, "5m_to_15m"), (900, "15m_to_1h"), (3_600, "1h_to_4h"), (14_400, "4h_to_1d"),
        (86_400, "1d_to_7d"), (604_799, "1d_to_7d"), (604_800, "over_7d"), (None, "unknown"),
    ],
)  # fmt: skip
def test_a_duration_belongs_to_the_group_it_begins(held: float | None, name: str) -> None:
    """A group's lower limit is its own, its upper one the next group's."""
    assert names([trade(1, held=held)], Dimension.DURATION) == [name]


def test_groups_come_in_the_weeks_the_clocks_and_the_alphabets_order() -> None:
    """Monday before Friday, hour 02 before 10, short before long, unknown last."""
    trades = [
        trade(1, "06 06:00:00", held=None, symbol="XAUUSD"),
        trade(1, "02 06:00:00", held=90_000, symbol="EURUSD"),
        trade(1, "03 23:00:00", held=1, symbol="GBPUSD"),
    ]
    assert names(trades, Dimension.WEEKDAY) == ["monday", "wednesday", "friday"]
    assert names(trades, Dimension.HOUR) == ["02", "09"]
    assert names(trades, Dimension.DURATION) == ["under_1m", "1d_to_7d", "unknown"]
    assert names(trades, Dimension.SYMBOL) == ["EURUSD", "GBPUSD", "XAUUSD"]
