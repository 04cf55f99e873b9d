"""How late syncs come, told from the broker's side against the interval that each sync promised.

The simulated broker knows when it answered every read; storage keeps, with every committed sync,
the interval that the product told its readers. A gap is the time between two successive syncs'
reads; its promise is the interval of the first. Seconds since the epoch throughout.
"""

from bisect import bisect_left, bisect_right
from enum import StrEnum
from itertools import pairwise

from attrs import define, field, frozen

from tests.bench.percentile import percentile

MOST_INTERVALS = 2.0
"""No sync may come later than this many of its intervals."""

_PAIRING_SECONDS = 5.0
"""A stored sync's own read at the broker lies at most this long before its observation."""


class Standing(StrEnum):
    """What a run says of one account."""

    KEPT = "kept"
    """At least two syncs, every gap within the limit."""
    NOT_DUE = "not due"
    """One sync so far, and the next was not due before the end."""
    OVERDUE = "overdue"
    """One sync so far, the next is due but within the limit: undecided."""
    LATE = "late"
    """A gap over the limit, closed or still open at the end."""
    NEVER = "never"
    """No sync was stored."""


@frozen
class StoredSync:
    """A committed sync: its number, its observation, the interval and next read then told."""

    sync_seq: int
    observed_at: float
    interval: float
    next_at: float | None


@frozen
class AccountLateness:
    """One account's gaps in intervals; ``open_gap`` is the one that the end of the run cut."""

    standing: Standing
    gaps: tuple[float, ...] = ()
    open_gap: float = 0.0
    overdue: tuple[float, ...] = ()
    """Seconds from the told next read to the read that came, never below 0."""


@frozen
class Lateness:
    """All accounts of a run."""

    accounts: dict[str, AccountLateness]
    syncs: int
    unseen: int
    """Syncs known by their number only: two were stored between two looks."""

    def count(self, standing: Standing) -> int:
        """Number of accounts of that standing."""
        return sum(each.standing is standing for each in self.accounts.values())

    @property
    def worst(self) -> float:
        """The longest gap in intervals, open ones included; infinite when an account has none."""
        if self.count(Standing.NEVER):
            return float("inf")
        return max((max((*a.gaps, a.open_gap)) for a in self.accounts.values()), default=0.0)

    def gap(self, share: float) -> float:
        """A percentile over all closed gaps, in intervals."""
        return percentile([gap for each in self.accounts.values() for gap in each.gaps], share)

    def overdue(self, share: float) -> float:
        """A percentile of the seconds after the told next read."""
        return percentile([s for each in self.accounts.values() for s in each.overdue], share)


@define
class LatenessLedger:
    """Takes reads and stored syncs in as they are seen; ``close`` says how late they were."""

    _reads: dict[str, list[float]] = field(factory=dict)
    _stored: dict[str, list[StoredSync]] = field(factory=dict)

    def read(self, login: str, at: float) -> None:
        """The broker answered a read of this account; in order of time."""
        self._reads.setdefault(login, []).append(at)

    def stored(self, login: str, sync: StoredSync) -> bool:
        """A committed sync was seen; False when it was known already."""
        known = self._stored.setdefault(login, [])
        if known and known[-1].sync_seq >= sync.sync_seq:
            return False
        known.append(sync)
        return True

    def close(self, logins: list[str], until: float) -> Lateness:
        """Judge every account that was to be watched until ``until``."""
        accounts = {login: self._account(login, until) for login in logins}
        syncs = [self._stored.get(login, []) for login in logins]
        numbered = sum(each[-1].sync_seq - each[0].sync_seq + 1 for each in syncs if each)
        seen = sum(len(each) for each in syncs)
        return Lateness(accounts, syncs=seen, unseen=numbered - seen)

    def _account(self, login: str, until: float) -> AccountLateness:
        stored, reads = self._stored.get(login, []), self._reads.get(login, [])
        if not stored:
            return AccountLateness(Standing.NEVER)
        times = [_read_of(sync, reads) for sync in stored]
        gaps, overdue = [], []
        for (one, began), (other, ended) in pairwise(zip(stored, times, strict=True)):
            exact = other.sync_seq == one.sync_seq + 1
            gaps.append((ended - began if exact else _widest(reads, began, ended)) / one.interval)
            if exact and one.next_at is not None:
                overdue.append(max(0.0, ended - one.next_at))
        open_gap = max(0.0, until - times[-1]) / stored[-1].interval
        standing = _standing(gaps, open_gap)
        return AccountLateness(standing, tuple(gaps), open_gap, tuple(overdue))


def _standing(gaps: list[float], open_gap: float) -> Standing:
    if max((*gaps, open_gap)) > MOST_INTERVALS:
        return Standing.LATE
    if gaps:
        return Standing.KEPT
    return Standing.NOT_DUE if open_gap <= 1.0 else Standing.OVERDUE


def _read_of(sync: StoredSync, reads: list[float]) -> float:
    """When the broker answered the read that became this sync; the observation's time if unseen."""
    place = bisect_right(reads, sync.observed_at)
    if place and sync.observed_at - reads[place - 1] <= _PAIRING_SECONDS:
        return reads[place - 1]
    return sync.observed_at


def _widest(reads: list[float], began: float, ended: float) -> float:
    """The longest pause between the broker's reads from ``began`` to ``ended``."""
    between = reads[bisect_right(reads, began) : bisect_left(reads, ended)]
    return max(later - earlier for earlier, later in pairwise((began, *between, ended)))
