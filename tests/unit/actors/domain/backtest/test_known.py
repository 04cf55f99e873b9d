"""Coverage as stored rule days keep it: what was watched, what was rebuilt."""

from datetime import timedelta

import pytest

from actors.domain.backtest.known import KnownSpans
from tests.unit.actors.domain.backtest.lives import fact, start_of

HOUR = timedelta(hours=1)
SPANS = KnownSpans.of(
    [
        fact("daily", 3, 0),
        fact("daily", 4, 0, revision=1, unknown_seconds=3.0),
        fact("daily", 4, 0),
        fact("daily", 5, 0, reconstructed_seconds=60.0),
    ]
)


@pytest.mark.parametrize(
    ("first", "last", "known"), [(3, 3, True), (4, 4, False), (3, 5, False), (5, 5, True)]
)
def test_a_span_is_known_when_no_day_in_it_has_a_gap(first: int, last: int, *, known: bool) -> None:
    """The newest revision of each day counts."""
    assert SPANS.is_known(start_of(first) + HOUR, start_of(last + 1) - HOUR) is known


def test_nothing_is_known_where_no_day_is_stored() -> None:
    """Before the first, after the last, or without any."""
    assert not SPANS.is_known(start_of(3) - HOUR, start_of(3) + HOUR)
    assert not SPANS.is_known(start_of(5) + HOUR, start_of(6) + HOUR)
    assert not KnownSpans.of([]).is_known(start_of(3), start_of(4))


def test_quotes_told_a_part_of_the_time() -> None:
    """Only the days that have rebuilt time."""
    assert SPANS.is_rebuilt(start_of(4), start_of(6))
    assert not SPANS.is_rebuilt(start_of(3), start_of(5))
