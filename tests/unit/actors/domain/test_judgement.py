"""What a rule remembers of the points it was judged at, and what a bound alone never tells it."""

import pytest

from actors.domain.prices import Bars, Prices, utc_msc
from actors.domain.rule_day import Level
from tests.fakes.kept_life import KeptLife
from tests.unit.actors.domain.histories import (
    DAILY,
    OVERALL,
    at,
    deal,
    life_of,
    opened,
    plan_of,
    reading,
    seen,
)
from tests.unit.actors.domain.markets import SPEC, look, points
from tests.unit.actors.domain.test_between_readings import BALANCE, LOTS, TRAILING, watched


def after(*floatings: int) -> KeptLife:
    """A long that floats these amounts, ten minutes apart from 08:00 on."""
    kept = KeptLife(life_of(plan_of(DAILY + OVERALL)), at("02 06:00:00"))
    deals = [deal(1, at("02 06:00:00"), BALANCE), opened(2, at("02 07:00:00"), 2)]
    for turn, floating in enumerate(floatings):
        kept.told(reading(seen(at(f"02 08:{turn}0:00"), BALANCE, {2: floating}), deals))
    return kept


def test_the_worst_of_day_and_life_outlives_a_recovery() -> None:
    """Lowest value, highest used, highest level and their instant; the present ones beside it."""
    for own in after(-100_000, -400_000, -200_000).state.progress.rules:
        daily = own.rule_id == "daily"
        assert (own.value, own.level) == (BALANCE - 200_000, Level.OK)
        assert (own.worst, own.worst_used) == (BALANCE - 400_000, 400_000)
        assert (own.day_worst, own.day_used) == (BALANCE - 400_000, 400_000)
        assert own.day_worst_at == at("02 08:10:00")
        assert own.day_level == (Level.WARNING if daily else Level.OK)


def test_the_worst_is_told_of_the_first_time_it_was_seen() -> None:
    """Falling to the same value again is not worse."""
    for own in after(-300_000, 0, -300_000).state.progress.rules:
        assert (own.day_worst, own.day_worst_at) == (BALANCE - 300_000, at("02 08:00:00"))


@pytest.mark.parametrize("low", [-400_000, 500_000])
def test_a_bound_that_crosses_nothing_leaves_no_trace(low: int) -> None:
    """Minute bars tell that it may have been so: no level is written, no mark is lifted."""
    account = watched(DAILY + TRAILING)
    before = account.state.progress.rules
    times = (utc_msc(at("02 08:00:00")), utc_msc(at("02 08:01:00")))
    lows, highs = (points(low),) * 2, (points(900_000),) * 2
    bars = Prices({"EURUSD": SPEC}, {}, {"EURUSD": Bars(times, highs, lows, (9, 9), True)})
    effects = account.see(look(at("02 08:00:30"), BALANCE, points(0), LOTS), bars)
    assert effects.violations == ()
    assert account.state.progress.rules == before
