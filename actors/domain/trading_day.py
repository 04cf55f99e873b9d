"""Rule days: local dates cut at the plan's reset, told in instants (RULES 1, rule day)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen

from actors.domain.plan import Reset
from actors.domain.server_clock import ServerClock

_DAY = timedelta(days=1)


@frozen
class RuleClock:
    """Turns instants into rule days and back: day(t) is the d with B(d) <= t < B(d+1).

    ``zone`` is an IANA zone; ``shift`` is added to its wall time (servers on New York + 7 h).
    Wall time is never shifted to find a day: boundaries are compared as instants.
    """

    zone: ZoneInfo
    at: time
    shift: timedelta = timedelta()

    @classmethod
    def of(cls, reset: Reset, server_clock: ServerClock) -> "RuleClock":
        """The clock of a plan's reset; zone ``server`` means the broker's own clock."""
        if reset.zone == "server":
            return cls(server_clock.zone, reset.at, server_clock.shift)
        return cls(ZoneInfo(reset.zone), reset.at)

    def boundary(self, day: date) -> datetime:
        """B(day): the instant of ``day`` + reset time, aware UTC.

        A wall time that occurs twice is its first occurrence (PEP 495 fold 0); one inside a gap
        is moved forward by the gap's length, which fold 0's offset before the gap does.
        """
        wall = datetime.combine(day, self.at) - self.shift
        return wall.replace(tzinfo=self.zone, fold=0).astimezone(UTC)

    def day_of(self, instant: datetime) -> date:
        """The rule day that holds ``instant``."""
        day = (instant.astimezone(self.zone).replace(tzinfo=None) + self.shift).date()
        while instant < self.boundary(day):
            day -= _DAY
        while instant >= self.boundary(day + _DAY):
            day += _DAY
        return day

    def hour_of(self, instant: datetime) -> int:
        """The hour, 0-23, that the zone's wall clock shows at ``instant``."""
        return (instant.astimezone(self.zone).replace(tzinfo=None) + self.shift).hour

    def next_reset(self, instant: datetime) -> datetime:
        """The first boundary after ``instant``."""
        return self.boundary(self.day_of(instant) + _DAY)
