"""The past of a life, read back from storage when a late fact touches it (RULES 3)."""

from collections.abc import Iterable
from datetime import date, datetime

from attrs import frozen

from actors.domain.plan import RuleKind
from actors.domain.rule_day import RuleDay
from actors.domain.violation import Severity, Verdict, Violation

LOSS_KINDS = frozenset({RuleKind.DAILY_LOSS.value, RuleKind.OVERALL_LOSS.value})


@frozen
class Breach:
    """A stored breach of a loss rule; amounts in minor units."""

    rule_id: str
    rule_date: date
    verdict: Verdict
    threshold: int
    current: int
    occurred_at: datetime


@frozen
class Past:
    """The newest revision of each rule day, and every stored breach of a loss rule."""

    rows: tuple[RuleDay, ...] = ()
    breaches: tuple[Breach, ...] = ()


def newest(rows: Iterable[RuleDay]) -> tuple[RuleDay, ...]:
    """The newest revision of each rule day, in order."""
    latest = {(row.date, row.rule_id): row for row in sorted(rows, key=_revision)}
    return tuple(latest[key] for key in sorted(latest))


def _revision(row: RuleDay) -> int:
    return row.revision


def breach_of(violation: Violation) -> Breach | None:
    """The breach that a violation of a loss rule is; None for any other."""
    if violation.severity is not Severity.BREACH or violation.rule_type not in LOSS_KINDS:
        return None
    return Breach(
        violation.rule_id,
        violation.rule_date,
        violation.verdict,
        violation.threshold,
        violation.current,
        violation.occurred_at,
    )
