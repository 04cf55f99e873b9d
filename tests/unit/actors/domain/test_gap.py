"""The time between two readings of a flat account: exact from the deals, whatever quotes say."""

from datetime import timedelta

import pytest

from tests.unit.actors.domain.histories import DAILY, at
from tests.unit.actors.domain.markets import OPENED_AT, every, look, points, prices
from tests.unit.actors.domain.test_between_readings import (
    BALANCE,
    DEPOSIT,
    LOTS,
    Watched,
    spans,
    watched,
)


def test_quotes_tell_nothing_of_a_flat_account() -> None:
    """Prices that came along make no path: every second is flat, and nothing is crossed."""
    account = Watched(DAILY, DEPOSIT)
    account.see(look(at("02 08:00:00"), BALANCE, OPENED_AT, {}))
    moves = every(10, at("02 08:00:00"), [OPENED_AT, 1, OPENED_AT])
    flat, *others = spans(account)
    effects = account.see(look(at("02 08:00:20"), BALANCE, OPENED_AT, {}), prices(moves))
    assert effects.violations == ()
    assert spans(account) == (flat + 20_000_000, *others)


@pytest.mark.parametrize("known", [0, -460_000])
def test_a_long_fall_within_one_level_is_remembered_exactly(known: int) -> None:
    """Twelve new lows in a row, at ok or at a critical level that is written: the lowest stays."""
    account = watched(DAILY, "02 08:00:00", known)
    falls = [points(known - 1_000 * step) for step in range(12)]
    end = look(at("02 08:00:12"), BALANCE, points(known), LOTS)
    moves = [*every(1, at("02 08:00:00"), falls), (at("02 08:00:12"), points(known))]
    effects = account.see(end, prices(moves))
    assert effects.violations == ()
    own = account.state.progress.rules[0]
    assert (own.day_worst, own.day_worst_at) == (BALANCE + known - 11_000, at("02 08:00:11"))


@pytest.mark.parametrize(
    ("more", "known"),
    [(timedelta(microseconds=-1), 2), (timedelta(), 2), (timedelta(microseconds=1), 3)],
)
def test_time_without_quotes_is_sampled_up_to_the_promise(more: timedelta, known: int) -> None:
    """A minute with a position open is within it; a microsecond more is unknown."""
    account = watched(DAILY, "02 08:00:00")
    before = spans(account)
    gap = timedelta(minutes=1) + more
    account.see(look(at("02 08:00:00") + gap, BALANCE, points(0), LOTS))
    added = [now - was for now, was in zip(spans(account), before, strict=True)]
    expected = [0, 0, 0, 0]
    expected[known] = gap // timedelta(microseconds=1)
    assert added == expected


def test_the_curve_keeps_the_extremes_that_quotes_showed() -> None:
    """Lowest and highest equity since the last sample, of every path and reading."""
    account = watched(DAILY, "02 08:00:00")
    extremes = []
    for second, turns in ((0, (0, -300_000, 200_000, 0)), (3, (0, -100_000, 50_000, 0))):
        since = at(f"02 08:00:{second:02}")
        end = look(since + timedelta(seconds=3), BALANCE, points(0), LOTS)
        account.see(end, prices(every(1, since, [points(one) for one in turns])))
        extremes.append((account.state.progress.lowest, account.state.progress.highest))
    assert extremes == [(BALANCE - 300_000, BALANCE + 200_000)] * 2
