"""Growth on equity: the time-weighted gain, its falls, and the return of each day (RULES 8).

The path is what is known for certain of it: the equity at each reset and now, cut at each flow.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction

from attrs import frozen

from actors.domain.progress import FlowSight
from actors.domain.statistics.balance_index import Cut
from actors.domain.statistics.days import Day


@frozen
class Worth:
    """The account's equity, without credit, at an instant, in minor units."""

    at: datetime
    equity: int


@frozen
class Growth:
    """``value`` is the index now (1 = nothing gained), ``drawdown`` its largest fall as a share
    of the peak before it; None while nothing is known. ``returns`` are those of the days with
    trading, by place in the calendar. ``proven`` is False when a flow's floating is supposed.
    """

    value: Fraction | None
    drawdown: Fraction | None
    returns: tuple[Fraction | None, ...]
    proven: bool


def growth(
    initial: Worth | None,
    days: Sequence[Day],
    cuts: Sequence[Cut],
    sights: Iterable[FlowSight],
    now: Worth | None,
) -> Growth:
    """The growth from the ``initial`` balance to ``now`` along the days' starts.

    A cut's floating is 0 where the account was flat, else the one last seen, else taken as 0.
    """
    if initial is None or initial.equity <= 0:
        return Growth(None, None, (None,) * len(days), proven=False)
    seen = {sight.at: sight.floating for sight in sights}
    path = _Path(initial.equity)
    starts = [path.until(day, initial, cuts, seen) for day in days]
    end = path.until_now(now, cuts, seen)
    ends = [*starts[1:], end]
    pairs = zip(days, starts, ends, strict=True)
    returns = tuple(_return(day, start, stop) for day, start, stop in pairs)
    proven = all(cut.flat or cut.at in seen for cut in cuts)
    return Growth(end, path.drawdown, returns, proven)


class _Path:
    """Walks the path once; local to one call."""

    def __init__(self, base: int) -> None:
        self._base = base
        self._factor = Fraction(1)
        self._peak = Fraction(1)
        self._next = 0
        self.drawdown = Fraction(0)

    def until(
        self, day: Day, initial: Worth, cuts: Sequence[Cut], seen: dict[datetime, int]
    ) -> Fraction | None:
        """The index at the day's start; None where equity there is unknown.

        A flow stamped exactly at a reset is the new day's. The first day starts where the
        account does.
        """
        if day.start_at <= initial.at:
            return self._at(initial.equity)
        self._cut(cuts, seen, day.start_at)
        return None if day.equity is None else self._at(day.equity)

    def until_now(
        self, now: Worth | None, cuts: Sequence[Cut], seen: dict[datetime, int]
    ) -> Fraction | None:
        """The index now."""
        self._cut(cuts, seen, None)
        return None if now is None else self._at(now.equity)

    def _cut(self, cuts: Sequence[Cut], seen: dict[datetime, int], before: datetime | None) -> None:
        while self._next < len(cuts) and (before is None or cuts[self._next].at < before):
            cut = cuts[self._next]
            equity = cut.balance + (0 if cut.flat else seen.get(cut.at, 0))
            self._factor = self._at(equity)
            self._base = equity + cut.amount
            self._next += 1

    def _at(self, equity: int) -> Fraction:
        value = self._factor * equity / self._base if self._base > 0 else self._factor
        self._peak = max(self._peak, value)
        self.drawdown = max(self.drawdown, (self._peak - value) / self._peak)
        return value


def _return(day: Day, start: Fraction | None, end: Fraction | None) -> Fraction | None:
    if not day.has_trading or start is None or end is None or start <= 0:
        return None
    return end / start - 1
