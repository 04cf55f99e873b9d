"""What the product said of one account, as a run keeps it for the comparison."""

from bisect import bisect_right
from datetime import datetime

from attrs import define, field

from actors.domain.discrepancy import Discrepancy
from actors.domain.rule_day import RuleDay
from actors.domain.violation import Verdict, Violation
from tests.simulation.world.population import Inhabitant


@define(eq=False)
class Watched:
    """What the product said of one account: ``samples`` are the readings it took, ``firm`` its
    hard and soft rows as often as it gave them, ``levels`` its warnings, ``rows`` each rule day's
    newest row, ``promises`` (instant, seconds). ``rebuild``: it had the quotes between the
    readings.
    """

    who: Inhabitant
    samples: list[int] = field(factory=list)
    firm: list[Violation] = field(factory=list)
    possible: list[Violation] = field(factory=list)
    levels: list[Violation] = field(factory=list)
    rows: dict[tuple[str, str], RuleDay] = field(factory=dict)
    promises: list[tuple[int, float]] = field(factory=list)
    discrepancies: list[Discrepancy] = field(factory=list)
    passed_at: datetime | None = None
    broken: list[str] = field(factory=list)
    rebuild: bool = False

    def note(self, violation: Violation) -> None:
        """Keep a row with the firm ones, the possible ones, or the levels."""
        if violation.verdict in (Verdict.HARD, Verdict.SOFT):
            self.firm.append(violation)
        elif violation.verdict is Verdict.POSSIBLE:
            self.possible.append(violation)
        else:
            self.levels.append(violation)

    def promised_ms(self, at: int) -> float:
        """How long the product promised at ``at`` that the next reading may take."""
        entry = bisect_right(self.promises, at, key=lambda promise: promise[0]) - 1
        return self.promises[max(0, entry)][1] * 1000

    def last_reading(self, before: int) -> int | None:
        """The newest reading before an instant."""
        entry = bisect_right(self.samples, before - 1)
        return self.samples[entry - 1] if entry else None
