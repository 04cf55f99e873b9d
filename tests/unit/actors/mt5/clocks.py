"""A clock that tests move by hand, or that follows trio's (virtual) clock."""

from datetime import UTC, datetime, timedelta

import trio

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


class HandClock:
    """Implements actors.ports.Clock; time moves by ``pass_seconds`` only."""

    def __init__(self, start: datetime = MONDAY) -> None:
        self._start = start
        self._seconds = 0.0

    def pass_seconds(self, seconds: float) -> None:
        """Let time pass."""
        self._seconds += seconds

    def now(self) -> datetime:
        """Wall clock."""
        return self._start + timedelta(seconds=self._seconds)

    def monotonic(self) -> float:
        """Seconds since the start."""
        return self._seconds


class TrioClock:
    """Implements actors.ports.Clock on trio's clock, so that an autojump clock drives it."""

    def __init__(self, start: datetime = MONDAY) -> None:
        self._start = start
        self._zero = trio.current_time()

    def now(self) -> datetime:
        """Wall clock."""
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """trio's time since this clock was made."""
        return trio.current_time() - self._zero
