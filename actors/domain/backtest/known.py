"""How well time was known while it was lived: the coverage that the stored rule days keep."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import datetime

from attrs import frozen

from actors.domain.backtest.facts import DayFact


@frozen
class KnownSpans:
    """Stored rule days as spans in order: whether unknown time, or rebuilt time, lies in each.

    Where none is stored nothing is known.
    """

    starts: tuple[datetime, ...]
    ends: tuple[datetime, ...]
    gaps: tuple[bool, ...]
    rebuilt: tuple[bool, ...]

    @classmethod
    def of(cls, days: Iterable[DayFact]) -> "KnownSpans":
        """The spans of a life's rule days; the newest revision of a day counts."""
        newest: dict[datetime, DayFact] = {}
        for day in days:
            other = newest.get(day.start_at)
            if other is None or other.revision <= day.revision:
                newest[day.start_at] = day
        own = [newest[start] for start in sorted(newest)]
        return cls(
            tuple(day.start_at for day in own),
            tuple(day.end_at for day in own),
            tuple(day.unknown_seconds > 0 for day in own),
            tuple(day.reconstructed_seconds > 0 for day in own),
        )

    def is_known(self, start: datetime, end: datetime) -> bool:
        """True when rule days are stored from ``start`` to ``end``, without unknown time."""
        first, last = self._inside(start, end)
        whole = first < last and self.starts[first] <= start and end <= self.ends[last - 1]
        return whole and not any(self.gaps[first:last])

    def is_rebuilt(self, start: datetime, end: datetime) -> bool:
        """True when a part of the time was known quote by quote."""
        first, last = self._inside(start, end)
        return any(self.rebuilt[first:last])

    def _inside(self, start: datetime, end: datetime) -> tuple[int, int]:
        return bisect_right(self.ends, start), bisect_left(self.starts, end)
