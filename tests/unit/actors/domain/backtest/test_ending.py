"""Which end comes first: the pass, or the first hard crossing."""

from datetime import date, timedelta

import pytest
from attrs import evolve

from actors.domain.account import Outcome
from actors.domain.backtest.ending import ended, happened
from actors.domain.violation import Verdict
from tests.unit.actors.domain.backtest.lives import breach, days, history, start_of

NOON = start_of(4) + timedelta(hours=14)


@pytest.mark.parametrize(
    ("seconds", "outcome"),
    [(-1, Outcome.PASSED), (0, Outcome.BREACHED), (1, Outcome.BREACHED)],
)
def test_a_breach_beats_the_pass_of_the_same_point(seconds: int, outcome: Outcome) -> None:
    """Only a pass before the crossing's instant stands."""
    passed_at = NOON + timedelta(seconds=seconds)
    told = ended([breach("daily", 4)], passed_at, date(2026, 3, 4))
    assert told.outcome is outcome
    assert (told.passed_at is None) is (outcome is Outcome.BREACHED)


def test_of_several_at_one_point_the_highest_floor_is_told() -> None:
    """As the primary violation is chosen."""
    low = breach("overall", 4, floor=9_000_000)
    high = breach("daily", 4)
    assert ended([low, high], None, None).breach == high


def test_what_happened_is_told_by_the_stored_verdicts_up_to_a_day() -> None:
    """Possible ones end nothing; nothing after the given day is known."""
    possible = breach("daily", 3, Verdict.POSSIBLE)
    life = history(days(1), breaches=(possible, breach("daily", 4)), passed_at=None)
    assert happened(life).ended_on == date(2026, 3, 4)
    assert happened(life).others == (possible,)
    assert happened(life, until=date(2026, 3, 3)).outcome is Outcome.RUNNING


def test_a_stored_pass_counts_on_its_rule_day() -> None:
    """A pass after the given day is not known yet."""
    life = evolve(history(days(1)), passed_at=NOON)
    assert happened(life).ended_on == date(2026, 3, 4)
    assert happened(life, until=date(2026, 3, 4)).outcome is Outcome.PASSED
    assert happened(life, until=date(2026, 3, 3)).outcome is Outcome.RUNNING
