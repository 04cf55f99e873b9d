"""The rule day of the product agrees with a fixed table of resets, 2016 to 2030."""

import pytest

from tests.simulation.oracle.resets import DAY_MS, names, resets
from tests.simulation.rule_day import around_each_change, around_each_reset, disagreements

TEHRAN = "Asia/Tehran 01:30"


@pytest.mark.parametrize("name", names())
def test_each_reset_starts_the_day_the_table_says(name: str) -> None:
    """At each reset of fifteen years, and a minute and a millisecond to either side, both agree."""
    assert disagreements(name, around_each_reset(resets(name))) == []


@pytest.mark.parametrize("name", names())
def test_every_minute_around_a_clock_change_is_of_the_tables_day(name: str) -> None:
    """Every minute of the rule days around each change of clocks belongs to the same day."""
    assert disagreements(name, around_each_change(resets(name))) == []


def test_the_table_is_whole() -> None:
    """Fifteen years of days follow each other, each 23, 24 or 25 hours after the one before."""
    for name in names():
        table = resets(name)
        lengths = {int(gap) for gap in table.at[1:] - table.at[:-1]}
        assert lengths <= {DAY_MS - 3_600_000, DAY_MS, DAY_MS + 3_600_000}
        ordinals = [day.toordinal() for day in table.days]
        assert ordinals == list(range(ordinals[0], ordinals[0] + len(ordinals)))
        assert (table.days[0].year, table.days[-1].year) == (2015, 2031)


def test_tehran_has_no_summer_time_after_2022() -> None:
    """The last change of the Tehran table is the autumn of 2022; all later resets are 22:00 UTC."""
    table = resets(TEHRAN)
    assert table.day(table.changes[-1]).isoformat() == "2022-09-22"
    later = table.at[table.index(table.changes[-1]) :]
    assert {int(at % DAY_MS) for at in later} == {22 * 3_600_000}
