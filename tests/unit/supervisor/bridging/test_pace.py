"""Turns of logins: never faster than the pace of every lane, and never slower than needed."""

from bisect import bisect_right

from hypothesis import given
from hypothesis import strategies as st

from supervisor.bridging.pace import Pace, Turns

paces = st.builds(Pace, per_second=st.sampled_from([0.5, 1.0, 4.0]), burst=st.integers(1, 5))
asks = st.lists(
    st.tuples(st.integers(0, 64), st.sampled_from("ab"), st.sampled_from("xyz")), max_size=60
)


@given(paces, paces, asks)
def test_no_lane_is_ever_faster_than_its_pace(
    bridge: Pace, server: Pace, asked: list[tuple[int, str, str]]
) -> None:
    """In any span of time a lane begins at most its burst and what its rate gives."""
    turns, now, begun = Turns(), 0.0, dict[str, list[float]]()
    for wait, left, right in asked:
        now += wait / 16
        lanes = {left: bridge, right: server}
        begins = turns.reserve(lanes, now)
        assert begins >= now
        for name in lanes:
            begun.setdefault(name, []).append(begins)
    for name, times in begun.items():
        pace, ordered = bridge if name in "ab" else server, sorted(times)
        for at, first in enumerate(ordered):
            for span in (0.0, 1.0, 7.0):
                inside = bisect_right(ordered, first + span + 1e-9) - at
                assert inside <= pace.burst + span * pace.per_second + 1e-6


def test_a_burst_comes_at_once_and_then_one_by_one() -> None:
    """Three at once, then every half second; after a rest three at once again."""
    turns, lanes = Turns(), {"a": Pace(2.0, 3)}
    assert [turns.reserve(lanes, 10.0) for _ in range(6)] == [10.0, 10.0, 10.0, 10.5, 11.0, 11.5]
    assert turns.begins_at(lanes, 11.0) == 12.0
    assert [turns.reserve(lanes, 60.0) for _ in range(4)] == [60.0, 60.0, 60.0, 60.5]


def test_the_slowest_lane_decides() -> None:
    """A quick bridge waits for a slow server, and is not charged for the wait."""
    turns, quick, slow = Turns(), Pace(10.0, 1), Pace(0.5, 1)
    assert [turns.reserve({"b": quick, "s": slow}, 0.0) for _ in range(3)] == [0.0, 2.0, 4.0]
    assert turns.begins_at({"b": quick}, 5.0) == 5.0
