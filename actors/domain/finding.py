"""Findings: what one rule gives rise to at one point, and how firm that is (RULES 2, 5)."""

from collections.abc import Sequence
from typing import Any

from attrs import frozen

from actors.domain.context import Point, Walk
from actors.domain.evolve import evolve
from actors.domain.plan import RuleKind, RuleSeverity
from actors.domain.progress import Progress
from actors.domain.violation import Grade, Severity, Verdict, Violation

_FIRMNESS = (Verdict.HARD, Verdict.SOFT, Verdict.POSSIBLE)


@frozen
class Finding:
    """A row to be written for one rule at one point, before the primary is known.

    ``floor`` is None for a rule that has none; amounts are in the smallest part of the unit.
    """

    rule_id: str
    kind: RuleKind
    severity: Severity
    verdict: Verdict
    grade: Grade
    floor: int | None
    threshold: int
    current: int
    evidence: dict[str, Any]


def is_over(progress: Progress) -> bool:
    """True once the phase has ended, by a hard breach or by passing: nothing new is hard."""
    return progress.breached or progress.phase.passed_at is not None


def verdict_of(severity: RuleSeverity, progress: Progress, *, sure: bool) -> Verdict:
    """How firm a crossing is."""
    if not sure:
        return Verdict.POSSIBLE
    if severity is RuleSeverity.SOFT or is_over(progress):
        return Verdict.SOFT
    return Verdict.HARD


def is_covered(held: Sequence[str], severity: Severity, verdict: Verdict) -> bool:
    """True when the latch already holds this row or a worse one of the same key."""
    firm = "breach:hard" in held or "breach:soft" in held
    if verdict in (Verdict.HARD, Verdict.SOFT):
        return firm
    if verdict is Verdict.POSSIBLE:
        return firm or "breach:possible" in held
    if severity is Severity.WARNING:
        return firm or "warning:level" in held or "critical:level" in held
    return firm or "critical:level" in held


def primary_of(findings: Sequence[Finding]) -> Finding | None:
    """Highest floor among the firmest breaches of the point, then plan order."""
    for verdict in _FIRMNESS:
        breaches = [finding for finding in findings if finding.verdict is verdict]
        if breaches:
            return max(breaches, key=_height)  # max keeps the first of equals
    return None


def _height(finding: Finding) -> tuple[bool, int]:
    return finding.floor is not None, finding.floor or 0


def record(progress: Progress, walk: Walk, point: Point, findings: Sequence[Finding]) -> Progress:
    """Write the rows of one point, and remember a hard breach."""
    if not findings:
        return progress
    primary = primary_of(findings)
    for finding in findings:
        walk.out.violations.append(_row(walk, point, finding, is_primary=finding is primary))
    hard = any(finding.verdict is Verdict.HARD for finding in findings)
    return evolve(
        progress,
        violations=progress.violations + len(findings),
        breached=progress.breached or hard,
    )


def _row(walk: Walk, point: Point, finding: Finding, *, is_primary: bool) -> Violation:
    return Violation(
        rule_id=finding.rule_id,
        rule_type=finding.kind.value,
        rule_date=walk.clock.day_of(point.at),
        severity=finding.severity,
        verdict=finding.verdict,
        grade=finding.grade,
        threshold=finding.threshold,
        current=finding.current,
        is_primary=is_primary,
        occurred_at=point.at,
        observed_at=point.seen_at or point.at,
        evidence=finding.evidence,
    )
