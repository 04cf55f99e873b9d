"""Observations made of the stored curve: what the terminal surely showed, or may have shown.

Where a stretch's lowest and highest value lie within it is unknown. ``surely`` puts them so that
no order of them can give less; ``perhaps`` so that none can give more.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from attrs import frozen

from actors.domain.backtest.book import Book
from actors.domain.backtest.stretch import Stretch
from actors.domain.snapshot import Observation

_TICK = timedelta(microseconds=1)
_SHORTEST = 8 * _TICK
_JUST_BEFORE = timedelta(milliseconds=1)
_STILL = timedelta(minutes=6)
"""An unchanged reading is stored every five minutes: so long a sample may go on unseen."""


@frozen
class Teller:
    """Makes observations of one life. ``moving``: a mark of the plan rises within a day."""

    book: Book
    currency: str
    digits: int
    moving: bool

    def surely(self, stretch: Stretch, *, still: bool) -> tuple[Observation, ...]:
        """What was surely seen, in an order that surely gives no more than there was.

        ``still``: every reading since the last bucket is known to have repeated it.
        """
        return tuple(self._told(stretch, self._sure_extremes(stretch), still=still))

    def perhaps(self, stretch: Stretch, *, still: bool) -> tuple[Observation, ...]:
        """The same values in the order that gives the most, on both sides of what lies within."""
        extremes = tuple(self._extremes(stretch, stretch.since, high_first=True))
        return tuple(self._told(stretch, extremes, still=still, doubled=self.is_doubtful(stretch)))

    def is_doubtful(self, stretch: Stretch) -> bool:
        """True when it matters where within the stretch its extremes were."""
        doubt = stretch.reset is not None or stretch.shifted
        return doubt or (self.moving and stretch.traded)

    def differs(self, stretch: Stretch) -> bool:
        """True when what was surely seen is less than what may have been seen."""
        if not (self.moving or self.is_doubtful(stretch)):
            return False
        return any(True for _ in self._extremes(stretch, stretch.since, high_first=True))

    def _sure_extremes(self, stretch: Stretch) -> tuple[Observation, ...]:
        if self.is_doubtful(stretch):
            return ()
        return tuple(self._extremes(stretch, stretch.since, high_first=False))

    def _extremes(
        self, stretch: Stretch, after: datetime, *, high_first: bool
    ) -> Iterator[Observation]:
        """The values beyond those at both ends, just after ``after``."""
        if stretch.at - stretch.since < _SHORTEST:
            return
        ends = [stretch.last.equity]
        if stretch.before is not None:
            ends.append(stretch.before.equity)
        values = [stretch.low] if stretch.low < min(ends) else []
        if stretch.high > max(ends):
            values.insert(0 if high_first else len(values), stretch.high)
        for rank, equity in enumerate(values, start=1):
            yield self._seen(after + rank * _TICK, equity)

    def _told(
        self,
        stretch: Stretch,
        extremes: tuple[Observation, ...],
        *,
        still: bool,
        doubled: bool = False,
    ) -> Iterator[Observation]:
        last = stretch.last
        seen = list(extremes)
        if stretch.reset is not None and stretch.reset > stretch.since:
            seen += self._before_reset(stretch, stretch.reset, disturbed=bool(seen), still=still)
        if doubled:
            seen += self._extremes(stretch, stretch.at - 4 * _TICK, high_first=True)
        yield from seen
        yield self._seen(stretch.at, last.equity, known=self._is_clear(stretch))

    def _before_reset(
        self, stretch: Stretch, reset: datetime, *, disturbed: bool, still: bool
    ) -> list[Observation]:
        """The last bucket's value again, for the anchor at ``reset`` hangs from the last sight."""
        before = stretch.before
        if before is None:
            return []
        until = reset
        for deal in self.book.between(stretch.since, reset):
            until = min(until, deal.occurred_at)
        at = until - _JUST_BEFORE
        disturbed = disturbed or self.book.trades_before(stretch.since, reset)
        if not still or reset - before.last_at > _STILL or at <= stretch.since + _SHORTEST:
            if not disturbed:
                return []
            at = stretch.since + 3 * _TICK
        known = not self.book.trades_before(at, reset)
        return [self._seen(at, before.equity, known=known)]

    def _is_clear(self, stretch: Stretch) -> bool:
        """True when no trade between a reset within the stretch and its end blurs the split."""
        reset = stretch.reset
        return reset is None or not self.book.trades_before(reset, stretch.at)

    def _seen(self, at: datetime, equity: int, *, known: bool = True) -> Observation:
        """The account at ``at``; unless ``known``, several positions' floating is left out."""
        sums = self.book.sums(at)
        positions = self.book.positions(at, equity - sums.balance - sums.credit)
        if len(positions) > 1 and not known:
            positions = ()
        return Observation(
            observed_at=at,
            balance=sums.balance,
            equity=equity,
            credit=sums.credit,
            margin=0,
            free_margin=equity,
            currency=self.currency,
            currency_digits=self.digits,
            positions=positions,
        )
