"""A clock that a test moves by hand."""

from datetime import UTC, datetime, timedelta

from attrs import define

NOON = datetime(2026, 9, 21, 12, tzinfo=UTC)


@define
class HandClock:
    """Wall and monotonic time that only :meth:`forward` moves."""

    seconds: float = 0.0

    def now(self) -> datetime:
        """Noon, and what has passed."""
        return NOON + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """Seconds that have passed."""
        return self.seconds

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds
