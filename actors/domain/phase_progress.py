"""What the rules that are no loss rules remember of a phase; part of the rule_state document."""

from datetime import datetime

from attrs import frozen

from actors.domain.rule_day import Level


@frozen
class ConductProgress:
    """One rule on conduct under way. ``value`` in the smallest parts of the family's unit.

    ``recorded`` holds "<severity>:<verdict>" already written under the present latch key.
    ``since``: from when the family's time runs; ``due``: the next instant it has to look at.
    ``breached_value`` is set while a firm breach is latched.
    """

    rule_id: str
    recorded: tuple[str, ...] = ()
    level: Level = Level.OK
    value: int | None = None
    since: datetime | None = None
    due: datetime | None = None
    breached_value: int | None = None


@frozen
class ObjectiveProgress:
    """One objective under way, over the rule days that have ended: how many count, the best."""

    rule_id: str
    days: int = 0
    best: int | None = None


@frozen
class PhaseProgress:
    """The phase's rules on conduct and objectives. ``due`` is the earliest of all rules'.

    ``relook``: late facts came, so the next reading is asked anew whether the phase is passed.
    """

    conduct: tuple[ConductProgress, ...] = ()
    objectives: tuple[ObjectiveProgress, ...] = ()
    due: datetime | None = None
    passed_at: datetime | None = None
    relook: bool = False
