"""The past of a life, read back from storage when a late fact touches it (RULES 3)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from attrs import field, frozen

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
class ConductRecord:
    """A stored violation of a rule on conduct; amounts in the smallest parts of its unit.

    ``facts`` are those of its evidence, empty once that is erased.
    """

    rule_id: str
    rule_date: date
    severity: Severity
    verdict: Verdict
    threshold: int
    current: int
    occurred_at: datetime
    facts: Mapping[str, Any] = field(factory=dict)


@frozen
class Past:
    """The newest revision of each rule day, every stored breach of a loss rule, and every stored
    violation of a rule on conduct.
    """

    rows: tuple[RuleDay, ...] = ()
    breaches: tuple[Breach, ...] = ()
    conduct: tuple[ConductRecord, ...] = ()


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


def conduct_of(violation: Violation) -> ConductRecord | None:
    """The record that a violation of a rule on conduct is; None for a loss rule's."""
    if violation.rule_type in LOSS_KINDS:
        return None
    return ConductRecord(
        violation.rule_id,
        violation.rule_date,
        violation.severity,
        violation.verdict,
        violation.threshold,
        violation.current,
        violation.occurred_at,
        violation.evidence.get("facts", {}),
    )
