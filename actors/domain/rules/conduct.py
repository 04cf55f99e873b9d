"""The shape of a rule on conduct: how the account is traded, whatever it earns (RULES 2).

A family is one file: its record (the plan's parameters), ``read`` and ``document`` (the plan's
text), ``look`` (measure at one point) and, where time alone can break the rule, ``next_at``.
Copy the shape, then add a row to ``families.CONDUCT``.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar

from attrs import frozen

from actors.domain.deals import Deal
from actors.domain.ledger import Ledger
from actors.domain.phase_progress import ConductProgress
from actors.domain.plan import ConductRule
from actors.domain.plan_table import Table
from actors.domain.rule_day import Level
from actors.domain.server_clock import ServerClock
from actors.domain.snapshot import Observation

R = TypeVar("R", bound=ConductRule)

_MILLISECOND = timedelta(milliseconds=1)


class When(StrEnum):
    """The points a family wants to look at; at others it costs nothing.

    At an instant of its own (``next_at``) it always looks, at another rule's never.
    """

    DEALS = "deals"
    READING = "reading"


class Latch(StrEnum):
    """How long a recorded violation holds back the next one of its rule: for the rule day, while
    the time that the family measures runs on, or for the life.
    """

    DAY = "day"
    RUN = "run"
    LIFE = "life"


@frozen
class Scene:
    """One point of the path. ``open``: net signed volumes after the point's deals.

    ``deals`` are the point's trade deals, ``seen`` the reconciled observation if it is one.
    """

    at: datetime
    open: Mapping[int, Decimal]
    ledger: Ledger
    server_clock: ServerClock
    deals: tuple[Deal, ...] = ()
    seen: Observation | None = None


@frozen
class Look:
    """What a rule measured, in the smallest parts of its unit.

    ``facts`` tells, when a finding asks for them, the JSON-ready facts from which the value can be
    measured again without anything else.
    """

    value: int
    level: Level
    facts: Callable[[], dict[str, Any]]


Looked = tuple[ConductProgress, Look | None]
"""What a look leaves: the rule's progress, and what it measured (None: nothing to measure)."""


def never(rule: ConductRule, own: ConductProgress, scene: Scene) -> datetime | None:
    """``next_at`` of a family that time alone cannot break."""
    return None


@frozen
class Conduct(Generic[R]):
    """The functions of a family.

    ``fades``: what it measures is an event, forgotten at the next reset (else it is a state).
    ``latch``: how long a record holds; a family opens one that holds for its time itself.
    ``again`` measures a recorded finding of a family that looks at readings once more, by what the
    deals told before and tell now; None where they say nothing else about it. Points of a family
    without it are told by deals and time alone.
    """

    read: Callable[[Table], R]
    document: Callable[[R], dict[str, Any]]
    limit: Callable[[R], int]
    looks: frozenset[When]
    look: Callable[[R, ConductProgress, Scene], Looked]
    next_at: Callable[[R, ConductProgress, Scene], datetime | None] = never
    again: Callable[[Mapping[str, Any], Ledger, Ledger], int | None] | None = None
    fades: bool = False
    latch: Latch = Latch.DAY


def above(value: int, limit: int) -> Level:
    """Breach above the limit; at the limit is allowed."""
    return Level.BREACH if value > limit else Level.OK


def milliseconds(span: timedelta) -> int:
    """A span in whole milliseconds, the finest that a terminal stamps."""
    return span // _MILLISECOND


def volumes(scene: Scene) -> dict[str, Any]:
    """The open volumes as facts: position id to net signed volume."""
    told = {str(position): str(volume) for position, volume in sorted(scene.open.items())}
    return {"at": scene.at.isoformat(), "open_volumes": told}
