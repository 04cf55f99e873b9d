"""Rule days: the record of one trading day of one loss rule set."""

from datetime import date, datetime
from enum import StrEnum

from attrs import frozen


class AnchorGrade(StrEnum):
    """How a daily anchor is known (RULES 3), best first."""

    EXACT = "exact"
    OBSERVED = "observed"
    RECONSTRUCTED = "reconstructed"
    INTERPOLATED = "interpolated"
    CARRIED = "carried"
    BALANCE_ONLY = "balance_only"
    FIRST_DAY = "first_day"
    PENDING = "pending"


class Level(StrEnum):
    """How near a rule is to its floor."""

    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"
    BREACH = "breach"


@frozen
class Coverage:
    """Seconds of a rule day by how they are known (RULES 4); they partition its known span."""

    flat_seconds: float = 0.0
    reconstructed_seconds: float = 0.0
    sampled_seconds: float = 0.0
    unknown_seconds: float = 0.0


@frozen
class RuleDay:
    """One rule on one rule day. Amounts in minor units; append-only by ``revision``.

    ``anchor`` is None while pending. ``anchor_balance``/``anchor_equity`` are the boundary's
    two values as known; ``cause`` says why a later revision exists. ``worst`` is the lowest
    checked value, the one at the reset included, on the scale of ``floor``: a value before a flow
    is moved by it as the floor is. ``worst_used`` is the highest used on that day; under a floor
    that trails within the day it may be of another point, for the floor rises past values seen.
    """

    rule_id: str
    date: date
    revision: int
    start_at: datetime
    end_at: datetime
    anchor: int | None
    anchor_balance: int | None
    anchor_equity: int | None
    anchor_grade: AnchorGrade
    anchor_source: str
    allowance: int | None
    floor: int | None
    worst: int | None
    worst_used: int | None
    worst_at: datetime | None
    level: Level
    flows: int
    closed_result: int
    opened: int
    closed: int
    unproven: bool
    coverage: Coverage
    cause: str | None = None
