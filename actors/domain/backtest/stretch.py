"""Stretches of the stored curve: as long as nothing but prices moved, many buckets are one.

A stretch of several buckets holds no deal and no reset, so that its lowest and its highest value
say of every floor that stands still whether it was crossed.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from attrs import frozen

from actors.domain.backtest.book import SHIFTING, Book
from actors.domain.backtest.facts import Bucket
from actors.domain.trading_day import RuleClock

_BEFORE_FIRST = timedelta(milliseconds=1)


@frozen
class Stretch:
    """Buckets after the one that ended at ``since`` (None before the first).

    ``reset``: the boundary within, if any. ``traded``, ``shifted``: a deal within moved a
    position, or a floor; then, as with a reset, the stretch is one bucket. ``before`` is the
    bucket that was evaluated last.
    """

    since: datetime
    buckets: tuple[Bucket, ...]
    before: Bucket | None
    reset: datetime | None = None
    traded: bool = False
    shifted: bool = False

    @property
    def last(self) -> Bucket:
        """The bucket whose end is the stretch's."""
        return self.buckets[-1]

    @property
    def at(self) -> datetime:
        """The instant of its end."""
        return self.last.last_at

    @property
    def low(self) -> int:
        """The lowest equity known."""
        return min(bucket.low for bucket in self.buckets)

    @property
    def high(self) -> int:
        """The highest equity known."""
        return max(bucket.high for bucket in self.buckets)

    def parts(self) -> tuple["Stretch", ...]:
        """The same, one bucket each."""
        since, before, found = self.since, self.before, []
        for bucket in self.buckets:
            found.append(Stretch(since, (bucket,), before))
            since, before = bucket.last_at, bucket
        return tuple(found)


@frozen
class Dropped:
    """A bucket that the deals do not explain: no rule may look at it (RULES 1)."""

    at: datetime


def stretches(
    buckets: Iterable[Bucket], book: Book, clock: RuleClock
) -> Iterator[Stretch | Dropped]:
    """The curve in order of time. The buckets of one rule day at most are held at a time."""
    since: datetime | None = None
    held: list[Bucket] = []
    start = before = None
    for bucket in buckets:
        if since is None:
            since = bucket.first_at - _BEFORE_FIRST
        if bucket.last_at <= since:
            continue  # an older store tells the same instant again
        if book.sums(bucket.last_at).balance != bucket.balance:
            if held and start is not None:
                yield Stretch(start, tuple(held), before)
                held, before = [], held[-1]
            yield Dropped(bucket.last_at)
        elif (one := _alone(since, bucket, held[-1] if held else before, book, clock)) is None:
            start = start if held else since
            held.append(bucket)
        else:
            if held and start is not None:
                yield Stretch(start, tuple(held), before)
                held = []
            yield one
            before = bucket
        since = bucket.last_at
    if held and start is not None:
        yield Stretch(start, tuple(held), before)


def _alone(
    since: datetime, bucket: Bucket, before: Bucket | None, book: Book, clock: RuleClock
) -> Stretch | None:
    """The bucket as a stretch of its own, None when nothing but prices moved since ``before``."""
    known_to = since if before is None else before.last_at
    deals = book.between(None if before is None else known_to, bucket.last_at)
    reset = clock.next_reset(known_to)
    crossed = reset if reset <= bucket.last_at else None
    if before is not None and crossed is None and not deals:
        return None
    traded = any(deal.is_trade for deal in deals)
    shifted = any(deal.type in SHIFTING for deal in deals)
    return Stretch(since, (bucket,), before, crossed, traded, shifted)
