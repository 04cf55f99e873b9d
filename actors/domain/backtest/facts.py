"""What a backtest is given of a life, and what it tells. Amounts in minor units, times UTC."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from attrs import field, frozen

from actors.domain.account import Outcome
from actors.domain.life import Life
from actors.domain.rule_day import AnchorGrade
from actors.domain.state import InitialBalance
from actors.domain.violation import Grade, Verdict


class DayFact(NamedTuple):
    """One revision of a stored rule day, as far as a floor under another allowance needs it.

    A named tuple, for a firm stores millions of them.
    """

    rule_id: str
    date: date
    revision: int
    start_at: datetime
    end_at: datetime
    anchor: int | None
    anchor_grade: AnchorGrade
    allowance: int | None
    worst: int | None
    worst_used: int | None
    worst_at: datetime | None
    flows: int
    unproven: bool
    unknown_seconds: float
    reconstructed_seconds: float


class Bucket(NamedTuple):
    """What is stored of the curve between two instants: a sample, or a roll-up of several.

    ``low`` and ``high`` bound the equity since the bucket before; equity counts the credit in.
    """

    first_at: datetime
    last_at: datetime
    balance: int
    equity: int
    low: int
    high: int


@frozen
class Breach:
    """A crossing: of a stored violation, or under the draft. ``floor`` and ``value`` in the
    smallest parts of the rule type's unit.

    ``precise``: value and instant are the first crossing's. Else they are the worst of the rule
    day, or of the stored bucket that ends at ``at``.
    """

    rule_id: str
    rule_type: str
    date: date
    verdict: Verdict
    grade: Grade
    floor: int
    value: int
    at: datetime
    precise: bool = True


@frozen
class StoredHistory:
    """A life as storage keeps it. ``life`` pins the plan it was judged by; ``breaches`` are its
    violations of severity breach, ``days`` all revisions of its rule days in any order.
    """

    life: Life
    login: str
    currency: str
    digits: int
    first_seen_at: datetime | None
    initial: InitialBalance | None
    passed_at: datetime | None
    breaches: tuple[Breach, ...] = ()
    days: Sequence[DayFact] = ()


class Way(StrEnum):
    """From what a life's answer was told."""

    RULE_DAYS = "rule_days"
    SAMPLES = "samples"


@frozen
class Told:
    """How a life stands under a plan. ``breach`` is the hard one that ended the phase.

    ``others`` are soft and possible breaches up to the end. ``days``: rule days up to the end, of
    which ``unproven_days`` are not known well enough to say "no breach".
    ``unjudged``: rules of the draft that what is stored cannot judge.
    """

    outcome: Outcome
    ended_on: date | None = None
    breach: Breach | None = None
    passed_at: datetime | None = None
    others: tuple[Breach, ...] = ()
    days: int = 0
    unproven_days: int = 0
    unjudged: tuple[str, ...] = field(factory=tuple)


@frozen
class NotByDays:
    """Rule days do not suffice, and why."""

    reason: str
