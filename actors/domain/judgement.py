"""Judging one point: floors, crossings, latches, and the violation rows they give (RULES 2, 5)."""

from datetime import datetime

from actors.domain import evidence
from actors.domain.context import Point, Walk
from actors.domain.drawdown import Floor, Measure, Values, checked_of, measure
from actors.domain.evolve import evolve
from actors.domain.finding import Finding, is_covered, record, verdict_of
from actors.domain.plan import LossRule, RuleKind
from actors.domain.progress import Progress, RuleProgress
from actors.domain.rule_day import Level
from actors.domain.rules.families import FAMILIES
from actors.domain.violation import Grade, Severity, Verdict

_RANK = {Level.OK: 0, Level.WARNING: 1, Level.CRITICAL: 2, Level.BREACH: 3}
_LEVELS = {Level.WARNING: Severity.WARNING, Level.CRITICAL: Severity.CRITICAL}


def judge(
    progress: Progress,
    walk: Walk,
    point: Point,
    values: Values,
    *,
    daily: bool,
    also: tuple[Finding, ...] = (),
) -> Progress:
    """Raise high-water marks, then hold every rule's value against its floor.

    ``also``: what the rules on conduct found at the same point, written with the others.
    """
    findings: list[Finding] = []
    rules: list[RuleProgress] = []
    for rule, own in zip(walk.rules, progress.rules, strict=True):
        if rule.kind is RuleKind.DAILY_LOSS and not daily:
            rules.append(own)
            continue
        if not point.supposed:
            own = FAMILIES[rule.kind].raised(rule, own, progress, values)
        rules.append(_check(rule, own, progress, walk, point, values, findings))
    after = evolve(progress, rules=tuple(rules))
    return record(after, walk, point, (*findings, *also)) if findings or also else after


def _check(
    rule: LossRule,
    own: RuleProgress,
    progress: Progress,
    walk: Walk,
    point: Point,
    values: Values,
    findings: list[Finding],
) -> RuleProgress:
    value = checked_of(rule, values)
    floor = FAMILIES[rule.kind].floor_of(rule, own, progress)
    if value is None or floor is None:
        return own
    measured = measure(rule, floor, value)
    found = _found(rule, progress, point, measured)
    if found is not None and not is_covered(own.recorded, *found):
        severity, verdict = found
        own = _latched(own, severity, verdict, floor, measured)
        grade = _grade(point, measured, verdict)
        document = evidence.bundle(
            progress, walk, point, values, rule, floor, measured, severity, verdict, grade
        )
        findings.append(
            Finding(
                rule.rule_id, rule.kind, severity, verdict, grade,
                floor.floor, floor.floor, measured.value, document,
            )
        )  # fmt: skip
    if point.supposed:
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


def _found(
    rule: LossRule, progress: Progress, point: Point, measured: Measure
) -> tuple[Severity, Verdict] | None:
    if measured.crossed:
        sure = measured.surely and point.proven
        return Severity.BREACH, verdict_of(rule.severity, progress, sure=sure)
    if measured.level in _LEVELS and not point.supposed:
        return _LEVELS[measured.level], Verdict.LEVEL
    return None


def _grade(point: Point, measured: Measure, verdict: Verdict) -> Grade:
    known = (measured.surely and point.proven) or verdict is Verdict.LEVEL
    return point.grade if known or point.grade is Grade.BOUNDED else Grade.UNKNOWN


def _latched(
    own: RuleProgress, severity: Severity, verdict: Verdict, floor: Floor, measured: Measure
) -> RuleProgress:
    own = evolve(own, recorded=(*own.recorded, f"{severity}:{verdict}"))
    if verdict not in (Verdict.HARD, Verdict.SOFT):
        return own
    return evolve(own, breached_floor=floor.floor, breached_value=measured.value)
