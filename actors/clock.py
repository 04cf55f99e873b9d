"""Clocks: the only modules besides tests that may read the time."""

from datetime import UTC, datetime, timedelta

import trio


class SystemClock:
    """The machine's wall clock, and trio's monotonic one."""

    def now(self) -> datetime:
        """Wall clock, aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds of trio's clock; lease ends and timers are told in them."""
        return trio.current_time()


class TrioClock:
    """A wall clock that trio's clock drives: ``start`` + trio time.

    Under a MockClock (which begins at 0) a whole day passes without waiting, and wall and
    monotonic time never disagree.
    """

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock starts at an aware instant, not a naive one")
        self._start = start.astimezone(UTC)

    def now(self) -> datetime:
        """Wall clock, aware UTC."""
        return self._start + timedelta(seconds=trio.current_time())

    def monotonic(self) -> float:
        """Seconds of trio's clock."""
        return trio.current_time()
