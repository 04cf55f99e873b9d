"""Judging one point: floors, crossings, latches, and the violation rows they give (RULES 2, 5)."""

from datetime import datetime

from attrs import evolve, frozen

from actors.domain import evidence
from actors.domain.context import Point, Walk
from actors.domain.drawdown import Floor, Measure, Values, checked_of, measure
from actors.domain.plan import LossRule, RuleKind, RuleSeverity
from actors.domain.progress import Progress, RuleProgress
from actors.domain.rule_day import Level
from actors.domain.rules.families import FAMILIES
from actors.domain.violation import Grade, Severity, Verdict, Violation

_RANK = {Level.OK: 0, Level.WARNING: 1, Level.CRITICAL: 2, Level.BREACH: 3}
_LEVELS = {Level.WARNING: Severity.WARNING, Level.CRITICAL: Severity.CRITICAL}
_FIRMNESS = (Verdict.HARD, Verdict.SOFT, Verdict.POSSIBLE)


@frozen
class Finding:
    """A row to be written for one rule at one point, before the primary is known."""

    rule: LossRule
    floor: Floor
    measured: Measure
    severity: Severity
    verdict: Verdict


def judge(progress: Progress, walk: Walk, point: Point, values: Values, *, daily: bool) -> Progress:
    """Raise high-water marks, then hold every rule's value against its floor."""
    findings: list[Finding] = []
    rules: list[RuleProgress] = []
    for rule, own in zip(walk.rules, progress.rules, strict=True):
        if rule.kind is RuleKind.DAILY_LOSS and not daily:
            rules.append(own)
            continue
        if point.doubt != "unreconciled":
            own = FAMILIES[rule.kind].raised(rule, own, progress, values)
        rules.append(_check(rule, own, progress, point, values, findings))
    after = evolve(progress, rules=tuple(rules))
    return _record(after, walk, point, values, findings) if findings else after


def _check(
    rule: LossRule,
    own: RuleProgress,
    progress: Progress,
    point: Point,
    values: Values,
    findings: list[Finding],
) -> RuleProgress:
    value = checked_of(rule, values)
    floor = FAMILIES[rule.kind].floor_of(rule, own, progress)
    if value is None or floor is None:
        return own
    measured = measure(rule, floor, value)
    finding = _finding(rule, own, progress, point, floor, measured)
    if finding is not None:
        findings.append(finding)
    if point.doubt == "unreconciled":
        return own
    return _remembered(own, point.at, floor, _shown(measured, point))


def _shown(measured: Measure, point: Point) -> Measure:
    """A crossing that is only possible is shown as critical, never as a breach."""
    if measured.crossed and not (measured.surely and point.proven):
        return evolve(measured, level=Level.CRITICAL)
    return measured


def _remembered(own: RuleProgress, at: datetime, floor: Floor, measured: Measure) -> RuleProgress:
    value, used = measured.value, measured.used
    same = (own.value, own.floor, own.level) == (value, floor.floor, measured.level)
    if same and own.day_used is not None and own.day_used >= used:
        return own  # the same value under the same floor: nothing new to remember
    lower = own.day_worst is None or value < own.day_worst
    day_level = measured.level if _RANK[measured.level] > _RANK[own.day_level] else own.day_level
    return evolve(
        own,
        value=value,
        floor=floor.floor,
        level=measured.level,
        day_worst=value if lower else own.day_worst,
        day_worst_at=at if lower else own.day_worst_at,
        day_used=used if own.day_used is None else max(own.day_used, used),
        day_level=day_level,
        worst=value if own.worst is None else min(own.worst, value),
        worst_used=used if own.worst_used is None else max(own.worst_used, used),
    )


def _finding(
    rule: LossRule,
    own: RuleProgress,
    progress: Progress,
    point: Point,
    floor: Floor,
    measured: Measure,
) -> Finding | None:
    if measured.crossed:
        severity, verdict = Severity.BREACH, _verdict(rule, progress, point, measured)
    elif measured.level in _LEVELS and point.doubt != "unreconciled":
        severity, verdict = _LEVELS[measured.level], Verdict.LEVEL
    else:
        return None
    if _covered(own, severity, verdict):
        return None
    return Finding(rule, floor, measured, severity, verdict)


def _verdict(rule: LossRule, progress: Progress, point: Point, measured: Measure) -> Verdict:
    if not (measured.surely and point.proven):
        return Verdict.POSSIBLE
    if rule.severity is RuleSeverity.SOFT or progress.breached:
        return Verdict.SOFT
    return Verdict.HARD


def _covered(own: RuleProgress, severity: Severity, verdict: Verdict) -> bool:
    """True when the latch already holds this row or a worse one of the same key."""
    held = own.recorded
    firm = "breach:hard" in held or "breach:soft" in held
    if verdict in (Verdict.HARD, Verdict.SOFT):
        return firm
    if verdict is Verdict.POSSIBLE:
        return firm or "breach:possible" in held
    if severity is Severity.WARNING:
        return firm or "warning:level" in held or "critical:level" in held
    return firm or "critical:level" in held


def _record(
    progress: Progress, walk: Walk, point: Point, values: Values, findings: list[Finding]
) -> Progress:
    primary = _primary(findings)
    by_rule = {finding.rule.rule_id: finding for finding in findings}
    rules = tuple(_latched(own, by_rule.get(own.rule_id)) for own in progress.rules)
    for finding in findings:
        walk.out.violations.append(
            _violation(progress, walk, point, values, finding, is_primary=finding is primary)
        )
    return evolve(
        progress,
        rules=rules,
        violations=progress.violations + len(findings),
        breached=progress.breached or any(f.verdict is Verdict.HARD for f in findings),
    )


def _primary(findings: list[Finding]) -> Finding | None:
    """Highest floor among the firmest breaches of the point, then plan order."""
    for verdict in _FIRMNESS:
        breaches = [f for f in findings if f.verdict is verdict]
        if breaches:
            return max(breaches, key=lambda f: f.floor.floor)  # max keeps the first of equals
    return None


def _latched(own: RuleProgress, finding: Finding | None) -> RuleProgress:
    if finding is None:
        return own
    own = evolve(own, recorded=(*own.recorded, f"{finding.severity}:{finding.verdict}"))
    if finding.verdict not in (Verdict.HARD, Verdict.SOFT):
        return own
    return evolve(own, breached_floor=finding.floor.floor, breached_value=finding.measured.value)


def _violation(
    progress: Progress,
    walk: Walk,
    point: Point,
    values: Values,
    finding: Finding,
    *,
    is_primary: bool,
) -> Violation:
    proven = finding.measured.surely and point.proven
    grade = Grade.OBSERVED if proven or finding.verdict is Verdict.LEVEL else Grade.UNKNOWN
    return Violation(
        rule_id=finding.rule.rule_id,
        rule_type=finding.rule.kind.value,
        rule_date=walk.clock.day_of(point.at),
        severity=finding.severity,
        verdict=finding.verdict,
        grade=grade,
        threshold=finding.floor.floor,
        current=finding.measured.value,
        is_primary=is_primary,
        occurred_at=point.at,
        observed_at=point.observation.observed_at if point.observation else point.at,
        evidence=evidence.bundle(
            progress,
            walk,
            point,
            values,
            finding.rule,
            finding.floor,
            finding.measured,
            finding.severity,
            finding.verdict,
            grade,
        ),
    )
