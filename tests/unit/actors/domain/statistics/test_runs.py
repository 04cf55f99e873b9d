"""Streaks are runs of closes of one outcome, in the order of the closes."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from actors.domain.mt5_summary import Streak
from actors.domain.statistics.runs import Runs, in_order
from tests.unit.actors.domain.statistics.made import trade


def after(*nets: int) -> Runs:
    """The streaks after closes with these results."""
    runs = Runs()
    for net in nets:
        runs = runs.after(net)
    return runs


def test_streaks_by_hand() -> None:
    """Two losses run now; three wins were the longest, one of them worth 9."""
    runs = after(5, -1, 1, 9, 1, -4, -4)
    assert runs == Runs(Streak(2, -8), Streak(3, 11), Streak(2, -8))


def test_a_breakeven_ends_a_streak() -> None:
    """Win, breakeven, win: no two in a row; after a breakeven none runs."""
    assert after(3, 0, 4) == Runs(Streak(1, 4), Streak(1, 4), Streak())
    assert after(3, 0).now == Streak()


def test_of_equal_lengths_the_larger_sum_is_the_longest() -> None:
    """Two runs of one win: the one of 7."""
    assert after(7, -1, 2).wins == Streak(1, 7)
    assert after(-7, 1, -2).losses == Streak(1, -7)


@given(st.lists(st.integers(min_value=-3, max_value=3)), st.integers())
def test_closes_are_put_in_order(nets: list[int], seed: int) -> None:
    """Whatever order trades come in, they run by close, then by the closing deal's ticket."""
    trades = [
        trade(net, f"{3 + n // 50:02d} 10:00:{n // 2 % 25:02d}", number=n + 1)
        for n, net in enumerate(nets)
    ]
    mixed = Random(seed).sample(trades, len(trades))
    assert in_order(mixed) == trades
