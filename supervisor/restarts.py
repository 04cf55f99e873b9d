"""The restart decision: pure, one clause per case.

Every child has its own window, so that one bad account never takes its siblings down. Beyond the
window the child is quarantined: visible, resumable. The tree-wide window only raises an alarm.
"""

from typing import TypeAlias

from attrs import frozen

from supervisor.child_spec import Restart


@frozen
class RestartPolicy:
    """At most ``limit`` restarts in ``window_seconds``, after ``backoffs`` seconds each.

    The tree's alarm: more than ``alarm_share`` of the children, and at least ``alarm_least``,
    crashed inside the window.
    """

    limit: int = 3
    window_seconds: float = 60.0
    backoffs: tuple[float, ...] = (1.0, 2.0, 4.0)
    alarm_share: float = 0.2
    alarm_least: int = 5


@frozen
class Returned:
    """``run`` came back by itself."""


@frozen
class Crashed:
    """``run`` raised."""


@frozen
class Asked:
    """The child ended because it was told to."""


Exit: TypeAlias = Returned | Crashed | Asked


@frozen
class Finished:
    """Leave it ended."""


@frozen
class RestartAfter:
    """Start it again after ``seconds``."""

    seconds: float


@frozen
class Quarantine:
    """Leave it ended and visible until a human resumes it."""


Decision: TypeAlias = Finished | RestartAfter | Quarantine


def recent(crashes: tuple[float, ...], policy: RestartPolicy, now: float) -> tuple[float, ...]:
    """Return the crashes (monotonic seconds) that lie in the window."""
    return tuple(at for at in crashes if at > now - policy.window_seconds)


def decide(
    restart: Restart, ended: Exit, crashes: tuple[float, ...], policy: RestartPolicy
) -> Decision:
    """Return what to do with an ended child; ``crashes`` in the window count this one too."""
    match ended, restart:
        case Asked(), _:
            return Finished()
        case _, Restart.TEMPORARY:
            return Finished()
        case Returned(), Restart.TRANSIENT:
            return Finished()
        case Returned(), Restart.PERMANENT:
            return RestartAfter(policy.backoffs[0])
        case Crashed(), _ if len(crashes) > policy.limit:
            return Quarantine()
        case _:
            step = min(max(len(crashes), 1), len(policy.backoffs))
            return RestartAfter(policy.backoffs[step - 1])


def alarming(crashed: int, children: int, policy: RestartPolicy) -> bool:
    """True when so many different children crashed in the window that the cause is common."""
    return crashed >= policy.alarm_least and crashed > policy.alarm_share * children
