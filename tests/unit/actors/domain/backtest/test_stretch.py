"""Stretches: buckets between which nothing but prices moved are taken as one."""

from datetime import timedelta

from actors.domain.backtest.book import Book
from actors.domain.backtest.facts import Bucket
from actors.domain.backtest.stretch import Dropped, Stretch, stretches
from actors.domain.deals import Deal
from actors.domain.trading_day import RuleClock
from tests.unit.actors.domain.backtest.lives import INITIAL, STORED, bucket
from tests.unit.actors.domain.histories import CLOCK, at, closed, deal, opened

DEPOSIT = deal(1, at("02 08:00:00"), INITIAL)
FIRST = bucket(at("03 08:00:00"), INITIAL)


def parts(deals: list[Deal], *buckets: Bucket) -> list[Stretch | Dropped]:
    """The curve after a first bucket, in stretches."""
    clock = RuleClock.of(STORED.reset, CLOCK)
    return list(stretches([FIRST, *buckets], Book([DEPOSIT, *deals]), clock))


def sizes(found: list[Stretch | Dropped]) -> list[int]:
    """How many buckets each stretch has; 0 for one that was dropped."""
    return [len(one.buckets) if isinstance(one, Stretch) else 0 for one in found]


def minutes(count: int, begin: str = "03 09:00:00") -> list[Bucket]:
    """Quiet buckets of a minute each."""
    return [bucket(at(begin) + timedelta(minutes=n), INITIAL - n) for n in range(count)]


def test_quiet_buckets_are_one_stretch() -> None:
    """It spans them, with the lowest and highest value of all."""
    _, whole = found = parts([], *minutes(5))
    assert sizes(found) == [1, 5]
    assert isinstance(whole, Stretch)
    assert (whole.since, whole.low, whole.high) == (FIRST.last_at, INITIAL - 4, INITIAL)
    assert [one.buckets[0] for one in whole.parts()] == list(whole.buckets)


def test_a_deal_or_a_reset_stands_alone() -> None:
    """The bucket that holds it is told apart, with what it may have moved."""
    trade = opened(2, at("03 09:01:30"), 7)
    payout = deal(3, at("03 09:03:30"), 0)
    found = parts([trade, payout], *minutes(6), bucket(at("03 22:00:00"), INITIAL))
    assert sizes(found) == [1, 2, 1, 1, 1, 1, 1]
    flags = [(s.traded, s.shifted, s.reset) for s in found if isinstance(s, Stretch)]
    assert flags[2] == (True, False, None)
    assert flags[4] == (False, True, None)
    assert flags[6] == (False, False, at("03 22:00:00"))


def test_a_bucket_that_the_deals_do_not_explain_is_dropped() -> None:
    """The stretch ends before it, and what comes after it takes the deals it held."""
    one, two, three = minutes(3)
    win = closed(2, at("03 09:01:10"), 7, 5)
    late = three._replace(balance=INITIAL + 5)
    found = parts([win], one, two._replace(balance=INITIAL + 9), late)
    assert sizes(found) == [1, 1, 0, 1]
    last = found[-1]
    assert isinstance(last, Stretch)
    assert last.traded


def test_a_bucket_told_twice_counts_once() -> None:
    """Where a roll-up and a sample end at the same instant the first is taken."""
    assert sizes(parts([], *minutes(2), minutes(2)[1])) == [1, 2]
