"""Faults on schedule: what goes wrong at an account's terminal, from when, how often."""

from enum import StrEnum

from attrs import define, field, frozen

from actors.errors import BrokerFault


class Trouble(StrEnum):
    """Faults that show otherwise than as an error class.

    ``late_login``: the login is reported as a time-out but has happened, and keeps its slot.
    ``frozen``: the terminal says connected and shows old figures. ``silent``: no answer at all.
    ``repeats``: a page of deals holds each deal twice.
    """

    LATENCY = "latency"
    SILENT = "silent"
    FROZEN = "frozen"
    LATE_LOGIN = "late_login"
    REPEATS = "repeats"


@frozen
class Fault:
    """A fault between ``since`` and ``until`` (UTC milliseconds), at most ``count`` times.

    ``operations`` are request tags such as ``open`` or ``snapshot``; empty means all that hold or
    want a session. ``seconds`` is the extra wait of a latency, or busy's retry-after.
    """

    kind: BrokerFault | Trouble
    since: int = 0
    until: int | None = None
    count: int | None = None
    operations: frozenset[str] = frozenset()
    seconds: float = 0.0

    def covers(self, operation: str, at: int) -> bool:
        """True when the fault applies to ``operation`` at ``at``, its count aside."""
        if self.operations and operation not in self.operations:
            return False
        return self.since <= at and (self.until is None or at < self.until)


@define
class _Scheduled:
    fault: Fault
    taken: int = 0


@define
class FaultSchedule:
    """The faults of one account, earliest injected first."""

    _scheduled: list[_Scheduled] = field(factory=list)

    def inject(self, fault: Fault) -> None:
        """Add a fault."""
        self._scheduled.append(_Scheduled(fault))

    def clear(self) -> None:
        """Forget every fault."""
        self._scheduled.clear()

    def take(self, operation: str, at: int) -> Fault | None:
        """Return the fault that hits this operation now, counting it, or None."""
        for each in self._scheduled:
            spent = each.fault.count is not None and each.taken >= each.fault.count
            if not spent and each.fault.covers(operation, at):
                each.taken += 1
                return each.fault
        return None
