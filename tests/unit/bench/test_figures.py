"""Figures of the benchmarks: percentiles, goals, the table, the JSON."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.figures import Figure, Goal, table
from tests.bench.percentile import percentile


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1.0))
def test_a_percentile_is_the_smallest_value_that_covers_its_share(
    values: list[float], share: float
) -> None:
    """At least that share does not exceed it; every smaller measured value covers less."""
    found = percentile(values, share)
    covered = sum(value <= found for value in values)
    below = sum(value < found for value in values)
    assert covered >= share * len(values) - 1e-9
    assert below < share * len(values) + 1e-9


def test_the_percentile_of_a_hundred_values_is_no_neighbour() -> None:
    """p99 of 1..100 is 99, p50 is 50, of nothing it is 0."""
    assert percentile(range(1, 101), 0.99) == 99
    assert percentile(range(1, 101), 0.5) == 50
    assert percentile([], 0.99) == 0


@pytest.mark.parametrize(
    ("sign", "value", "missed"),
    [("<", 2.0, True), ("<", 1.9, False), ("≤", 2.0, False), ("≥", 1.9, True), ("≥", 2.0, False)],
)
def test_a_goal_is_kept_or_missed_by_its_sign(sign: str, value: float, missed: bool) -> None:
    """The limit itself keeps ≤ and ≥, not <."""
    assert Figure("x", value, goal=Goal(sign, 2.0)).missed is missed


def test_an_unknown_sign_is_refused() -> None:
    """A goal nobody can judge is no goal."""
    with pytest.raises(ValueError, match="must be one of"):
        Goal("=", 2.0).met(2.0)


def test_the_table_marks_what_is_missed() -> None:
    """Each line names value, unit and goal; only missed goals are marked."""
    lines = table(
        [
            Figure("resident memory", 312.4, "MiB", Goal("<", 300), digits=0),
            Figure("worst", 1.2, "intervals", Goal("≤", 2)),
            Figure("p50", 3.0, "ms"),
        ]
    ).splitlines()
    assert lines[1].split() == ["resident", "memory", "312", "MiB", "<", "300", "MISSED"]
    assert lines[2].split() == ["worst", "1.20", "intervals", "≤", "2"]
    assert lines[3].split() == ["p50", "3.00", "ms"]


def test_what_never_came_is_null_in_json_and_missed() -> None:
    """JSON has no infinity."""
    document = Figure("worst", float("inf"), "intervals", Goal("≤", 2)).document()
    assert document["value"] is None
    assert document["met"] is False
