"""What a walk is given and what it collects: the fixed life, and the effects so far."""

from datetime import date, datetime

from attrs import define, field, frozen

from actors.domain.discrepancy import Discrepancy
from actors.domain.ledger import Ledger
from actors.domain.life import Life
from actors.domain.plan import ConductRule, LossRule, Objective
from actors.domain.prices import Prices
from actors.domain.rule_day import RuleDay
from actors.domain.snapshot import Observation
from actors.domain.stretches import Path
from actors.domain.trading_day import RuleClock
from actors.domain.violation import Grade, Violation


@define
class Outbox:
    """Effects collected while walking; local to one step."""

    violations: list[Violation] = field(factory=list)
    rule_days: dict[tuple[str, date, int], RuleDay] = field(factory=dict)
    notes: list[str] = field(factory=list)
    discrepancies: list[Discrepancy] = field(factory=list)

    def note(self, code: str) -> None:
        """Keep a code for the connection log, once."""
        if code not in self.notes:
            self.notes.append(code)

    def contradict(self, discrepancy: Discrepancy) -> None:
        """Keep a contradiction for a human, and a code for the connection log."""
        self.discrepancies.append(discrepancy)
        self.note("discrepancy")

    def add_day(self, row: RuleDay) -> None:
        """Keep a rule day row; a later one of the same key replaces it."""
        self.rule_days[(row.rule_id, row.date, row.revision)] = row


@frozen
class Walk:
    """What stays the same while a reading is walked. ``promise_seconds`` is the tier's;
    ``prices`` what the reading brought of the time before it.
    """

    life: Life
    clock: RuleClock
    ledger: Ledger
    out: Outbox
    promise_seconds: float
    prices: Prices | None = None

    @property
    def rules(self) -> tuple[LossRule, ...]:
        """The phase's loss rules in plan order."""
        return self.life.rules_phase.rules

    @property
    def conduct(self) -> tuple[ConductRule, ...]:
        """The phase's rules on conduct in plan order."""
        return self.life.rules_phase.conduct

    @property
    def objectives(self) -> tuple[Objective, ...]:
        """What the phase asks for, in plan order."""
        return self.life.rules_phase.objectives


@frozen
class Point:
    """One instant on the path: a group of deals, a reading (then ``observation`` is set), or a
    quote of the rebuilt ``path`` (known since the reading at ``seen_at``).

    ``proven``: a crossing here may be firm; else it is only possible. ``doubt`` says why not.
    """

    at: datetime
    observation: Observation | None
    proven: bool
    doubt: str | None = None
    grade: Grade = Grade.OBSERVED
    path: Path | None = None
    seen_at: datetime | None = None

    @property
    def supposed(self) -> bool:
        """True when the values are none that the account surely had: they lift no mark."""
        return self.grade is Grade.BOUNDED or self.doubt == "unreconciled"
