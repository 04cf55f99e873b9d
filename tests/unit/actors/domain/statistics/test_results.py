"""Sums of closed positions can be taken in parts and in any order."""

from hypothesis import given
from hypothesis import strategies as st

from actors.domain.statistics.holds import Holds
from actors.domain.statistics.results import Results
from tests.unit.actors.domain.statistics.made import trade

NETS = st.lists(st.integers(min_value=-(10**9), max_value=10**9))


@given(NETS, NETS)
def test_parts_add_up_to_the_whole(some: list[int], others: list[int]) -> None:
    """Two parts together, either way round, are what all positions give at once."""
    a, b = Results.of(map(trade, some)), Results.of(map(trade, others))
    assert a.plus(b) == b.plus(a) == Results.of(map(trade, [*some, *others]))
    assert a.plus(b).net == sum(some) + sum(others)


@given(st.lists(st.integers(min_value=0, max_value=10**14), min_size=1))
def test_the_median_has_as_many_below_as_above(times: list[int]) -> None:
    """However the hold times were packed, half of them lie on each side."""
    packed = Holds.of(times[::2]).plus(Holds.of(times[1::2]))
    median = packed.median_us
    assert median is not None
    assert sum(t < median for t in times) == sum(t > median for t in times) or median in times
    assert sum(t <= median for t in times) * 2 >= len(times)
    assert sum(t >= median for t in times) * 2 >= len(times)


def test_the_median_of_an_even_number_lies_between() -> None:
    """1, 2, 3, 10: 2.5; of none there is none."""
    assert Holds.of([10, 1, 3, 2]).median_us == 2.5  # exact as a fraction and as a float
    assert Holds().median_us is None
