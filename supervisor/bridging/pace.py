"""How fast logins may follow each other: pure. After a restart a thousand accounts want in at once.

A generic cell rate: ``burst`` logins may come together, then one each ``1 / per_second``. A login
must keep the pace of its bridge and that of its broker's server.
"""

from attrs import define, field, frozen


@frozen
class Pace:
    """At most ``per_second`` logins in the long run, ``burst`` at once."""

    per_second: float
    burst: int

    @property
    def gap_seconds(self) -> float:
        """Time between two logins of a steady stream."""
        return 1.0 / self.per_second


def earliest(due: float, now: float, pace: Pace) -> float:
    """When the next login may begin; ``due`` is when the steady stream would have its next one."""
    return max(now, due - (pace.burst - 1) * pace.gap_seconds)


def after(due: float, begins: float, pace: Pace) -> float:
    """The steady stream's next one after a login that begins at ``begins``."""
    return max(due, begins) + pace.gap_seconds


@define
class Turns:
    """Gives each login its turn. Times are monotonic seconds; lanes are bridges and servers."""

    _due: dict[str, float] = field(factory=dict, init=False)

    def begins_at(self, lanes: dict[str, Pace], now: float) -> float:
        """When a login that uses these lanes could begin, were it to ask now."""
        return max(earliest(self._due.get(name, 0.0), now, pace) for name, pace in lanes.items())

    def reserve(self, lanes: dict[str, Pace], now: float) -> float:
        """Take the next turn of all these lanes, and return when it begins."""
        begins = self.begins_at(lanes, now)
        for name, pace in lanes.items():
            self._due[name] = after(self._due.get(name, 0.0), begins, pace)
        return begins
