"""The ledger of lateness: gaps between syncs against the intervals that were promised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.lateness import LatenessLedger, Standing, StoredSync


def sync(seq: int, at: float, interval: float = 30.0) -> StoredSync:
    """A stored sync observed at ``at``, whose next read was told for one interval later."""
    return StoredSync(seq, at, interval, at + interval)


def ledger_of(*syncs: StoredSync) -> LatenessLedger:
    """A ledger that saw these syncs of account 1, each read 10 ms before its observation."""
    ledger = LatenessLedger()
    for each in syncs:
        ledger.read("1", each.observed_at - 0.01)
        ledger.stored("1", each)
    return ledger


def test_a_gap_is_measured_against_the_interval_of_the_sync_before() -> None:
    """45 s after a promise of 30 s is 1.5 intervals, whatever is promised next."""
    told = ledger_of(sync(1, 0.0), sync(2, 45.0, interval=5.0)).close(["1"], 46.0)
    account = told.accounts["1"]
    assert account.standing is Standing.KEPT
    assert account.gaps == (1.5,)
    assert account.overdue == pytest.approx((14.99,))
    assert told.worst == 1.5


def test_a_sync_after_more_than_two_intervals_is_late_although_later_ones_are_punctual() -> None:
    """One long gap is never averaged away."""
    told = ledger_of(sync(1, 0.0), sync(2, 61.0), sync(3, 91.0)).close(["1"], 92.0)
    assert told.accounts["1"].standing is Standing.LATE
    assert told.worst > 2.0


def test_an_account_that_never_syncs_again_is_late_once_two_intervals_are_over() -> None:
    """The gap that is open at the end counts too."""
    ledger = ledger_of(sync(1, 0.0), sync(2, 30.0))
    assert ledger.close(["1"], 89.0).accounts["1"].standing is Standing.KEPT
    assert ledger.close(["1"], 91.0).accounts["1"].standing is Standing.LATE
    assert ledger.close(["1"], 91.0).worst > 2.0


def test_an_account_with_one_sync_is_undecided_until_its_time_is_over() -> None:
    """An idle account's next read lies beyond the run: that proves nothing and says so."""
    ledger = ledger_of(sync(1, 0.0, interval=1680.0))
    assert ledger.close(["1"], 600.0).accounts["1"].standing is Standing.NOT_DUE
    assert ledger.close(["1"], 1700.0).accounts["1"].standing is Standing.OVERDUE
    assert ledger.close(["1"], 3400.0).accounts["1"].standing is Standing.LATE


def test_an_account_without_a_stored_sync_misses_every_goal() -> None:
    """A read that was never stored is no sync."""
    ledger = LatenessLedger()
    ledger.read("1", 5.0)
    told = ledger.close(["1"], 600.0)
    assert told.accounts["1"].standing is Standing.NEVER
    assert told.worst == float("inf")


def test_a_read_that_was_not_stored_does_not_shorten_a_gap() -> None:
    """The broker was read at 30 s, nothing was committed: the gap is 61 s."""
    ledger = ledger_of(sync(1, 0.0))
    ledger.read("1", 30.0)
    ledger.read("1", 60.99)
    ledger.stored("1", sync(2, 61.0))
    assert ledger.close(["1"], 62.0).accounts["1"].standing is Standing.LATE


def test_a_sync_that_was_not_looked_at_is_known_by_its_number() -> None:
    """Numbers 1 and 3 seen: the broker's read of number 2 divides the gap, and it is counted."""
    ledger = ledger_of(sync(1, 0.0))
    ledger.read("1", 40.0)
    ledger.read("1", 69.99)
    ledger.stored("1", sync(3, 70.0))
    told = ledger.close(["1"], 71.0)
    assert told.accounts["1"].standing is Standing.KEPT
    assert told.unseen == 1
    assert told.syncs == 2


def test_the_same_sync_seen_twice_is_one() -> None:
    """Each look at storage shows the newest sync again."""
    ledger = LatenessLedger()
    assert ledger.stored("1", sync(1, 0.0))
    assert not ledger.stored("1", sync(1, 0.0))


@given(st.lists(st.floats(0.5, 120.0), min_size=1, max_size=30), st.floats(1.0, 60.0))
def test_an_account_is_late_exactly_when_one_gap_is_over_two_intervals(
    gaps: list[float], interval: float
) -> None:
    """Against a plain sum over the gaps; times are whole quarters so that sums are exact."""
    quarters = [round(gap * 4) / 4 for gap in gaps]
    at, syncs = 0.0, [sync(1, 0.0, interval)]
    for number, gap in enumerate(quarters, 2):
        at += gap
        syncs.append(sync(number, at, interval))
    ledger = LatenessLedger()
    for each in syncs:
        ledger.read("1", each.observed_at)
        ledger.stored("1", each)
    late = ledger.close(["1"], at).accounts["1"].standing is Standing.LATE
    assert late == any(gap / interval > 2.0 for gap in quarters)
