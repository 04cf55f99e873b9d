"""Classes of verdicts, and a comparison that counts them."""

from collections import Counter
from enum import StrEnum

from attrs import define, field


class Outcome(StrEnum):
    """Classes of verdicts, each with a condition that is checked. The last five are failures."""

    EXACT = "exact match"
    LATE = "late, within the promise"
    LATER_TOUCH = "first touch between readings, a later one seen"
    INVISIBLE = "missed, invisible to the readings"
    ANCHOR_AGE = "by an observed anchor, not by the tick at the reset"
    UNPROVEN = "missed, by an anchor or high that no reading proves"
    UNKNOWN_BEFORE = "by what is known of the time before the first reading"
    AFTERWARDS = "recorded after the first hard row"
    PASSED = "phase passed at the first reading that shows it"
    CONDUCT = "breach of conduct told at its instant, with its value"
    TOLD = "late, changed or vanished deal, told once"
    REVISED = "rule day revised, with its cause"
    CONTRADICTED = "old verdict contradicted, told to a human"
    MISSED = "missed although visible"
    FALSE = "false"
    WRONG = "wrong amount or instant"
    DUPLICATE = "duplicate"
    INVARIANT = "invariant broken"


FAILURES = (Outcome.MISSED, Outcome.FALSE, Outcome.WRONG, Outcome.DUPLICATE, Outcome.INVARIANT)


@define
class Comparison:
    """How many verdicts fell into each class, and each failure told in one line."""

    classes: "Counter[Outcome]" = field(factory=Counter)
    failures: list[str] = field(factory=list)
    lateness_ms: list[int] = field(factory=list)
    breaches: int = 0
    anchors: int = 0

    def count(self, outcome: Outcome, text: str) -> None:
        """Count a verdict, and tell it when it failed."""
        self.classes[outcome] += 1
        if outcome in FAILURES:
            self.failures.append(f"{outcome}: {text}")
