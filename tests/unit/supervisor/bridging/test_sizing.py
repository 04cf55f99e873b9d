"""The sizing formula: exact, enough, and never a slot too many."""

import json
from fractions import Fraction

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from supervisor.bridging.sizing import Sizing
from supervisor.commands.size_bridges import size_bridges

seconds = st.fractions(min_value=Fraction(1, 10), max_value=1800, max_denominator=1000)


@given(st.integers(0, 5_000), st.integers(0, 5_000), seconds, seconds)
def test_visiting_slots_do_all_visits_and_one_less_does_not(
    sticky: int, idle: int, visit: Fraction, interval: Fraction
) -> None:
    """All visits of an interval fit into the slots' time; with one slot less they do not."""
    sizing = Sizing(sticky, idle, visit, interval)
    assert sizing.visiting * interval >= idle * visit
    assert sizing.visiting == 0 or (sizing.visiting - 1) * interval < idle * visit
    assert sizing.slots == sticky + sizing.visiting


@pytest.mark.parametrize(
    ("sticky", "idle", "visit", "interval", "slots"),
    [(0, 200, 60, 600, 20), (40, 160, 30, 600, 48), (0, 1, 1, 1800, 1), (7, 0, 30, 600, 7),
     (0, 20, 30, 600, 1), (0, 21, 30, 600, 2)],
)  # fmt: skip
def test_by_hand(sticky: int, idle: int, visit: int, interval: int, slots: int) -> None:
    """Figures that were reckoned by hand, at and just above a whole slot."""
    assert Sizing(sticky, idle, Fraction(visit), Fraction(interval)).slots == slots


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((-1, 0, 1, 1), "negative"),
        ((0, 1, 0, 600), "more than 0"),
        ((0, 1, 1, 1801), "at most 1800"),
    ],
)
def test_what_has_no_answer_is_refused(asked: tuple[int, int, int, int], said: str) -> None:
    """The error says what is allowed."""
    sticky, idle, visit, interval = asked
    with pytest.raises(ValueError, match=said):
        Sizing(sticky, idle, Fraction(visit), Fraction(interval))


def test_the_command_tells_slots_and_bridges() -> None:
    """As text and as JSON, a spare bridge included; bad input leaves with 2."""
    asked = ["--sticky", "40", "--idle", "160", "--visit-seconds", "37.5", "--slots-each", "20"]
    told = json.loads(CliRunner().invoke(size_bridges, [*asked, "--json"]).output)
    assert (told["visiting_slots"], told["slots"], told["bridges"]) == (10, 50, 4)
    shown = CliRunner().invoke(size_bridges, asked).output
    assert shown.splitlines() == [
        "50 slots: 40 sticky + 10 for visits",
        "4 bridges of 20 slots, 1 of them to spare",
    ]
    for bad in (["--visit-seconds", "0"], ["--visit-seconds", "x"], ["--idle-interval", "1801"]):
        assert CliRunner().invoke(size_bridges, [*asked, *bad]).exit_code == 2
