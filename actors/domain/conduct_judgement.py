"""Judging conduct at one point: which rules look, what they found, what they remember (RULES 2).

A rule looks only at the points its family asks for, so that a reading without deals costs a phase
of trading rules next to nothing.
"""

from collections.abc import Sequence
from datetime import datetime

from actors.domain import conduct_evidence
from actors.domain.context import Point, Walk
from actors.domain.deals import Deal
from actors.domain.evolve import evolve
from actors.domain.finding import Finding, is_covered, record, verdict_of
from actors.domain.phase_progress import ConductProgress, PhaseProgress
from actors.domain.plan import ConductRule
from actors.domain.progress import Progress
from actors.domain.rule_day import Level
from actors.domain.rules.conduct import Conduct, Latch, Look, Scene, When, never
from actors.domain.rules.families import CONDUCT
from actors.domain.violation import Grade, Severity, Verdict

Found = tuple[Progress, tuple[Finding, ...]]
"""Progress with what the rules remember, and the findings still to be recorded."""


def begun(progress: Progress, walk: Walk, at: datetime) -> tuple[ConductProgress, ...]:
    """The rules' progress at the start of the path.

    Where a further deposit begins the path anew, time runs anew too, so that a latch on its run is
    open; the others hold what was told of this rule day and of this life.
    """
    scene = Scene(at, progress.open, walk.ledger, walk.life.server_clock)
    fresh = tuple(_begun(rule, scene) for rule in walk.conduct)
    if not progress.phase.conduct:
        return fresh
    pairs = zip(walk.conduct, fresh, progress.phase.conduct, strict=True)
    return tuple(
        own
        if CONDUCT[rule.kind].latch is Latch.RUN
        else evolve(own, recorded=was.recorded, breached_value=was.breached_value)
        for rule, own, was in pairs
    )


def _begun(rule: ConductRule, scene: Scene) -> ConductProgress:
    family, own = CONDUCT[rule.kind], ConductProgress(rule.rule_id)
    own, looked = family.look(rule, own, scene)
    value = None if looked is None or family.fades else looked.value
    return evolve(own, value=value, due=family.next_at(rule, own, scene))


def earliest(conduct: Sequence[ConductProgress]) -> datetime | None:
    """The earliest instant that any rule has to look at."""
    return min((own.due for own in conduct if own.due is not None), default=None)


def after_deals(progress: Progress, walk: Walk, point: Point, deals: Sequence[Deal]) -> Found:
    """Look at the point that the deals of one instant make."""
    trades = tuple(deal for deal in deals if deal.is_trade)
    due = progress.phase.due
    if not progress.phase.conduct or not (trades or (due is not None and due <= point.at)):
        return progress, ()
    return _look(progress, walk, point, When.DEALS if trades else None, trades)


def at_reading(progress: Progress, walk: Walk, point: Point) -> Found:
    """Look at a reconciled observation."""
    if not progress.phase.conduct:
        return progress, ()
    return _look(progress, walk, point, When.READING, ())


def at_instant(progress: Progress, walk: Walk, point: Point) -> Progress:
    """Look at an instant that a rule asked for, and record what was found."""
    progress, found = _look(progress, walk, point, None, ())
    return record(progress, walk, point, found)


def new_day(phase: PhaseProgress, rules: Sequence[ConductRule]) -> PhaseProgress:
    """A reset opens the latches that hold for a rule day."""
    if not rules:
        return phase
    pairs = zip(rules, phase.conduct, strict=True)
    return evolve(phase, conduct=tuple(_new_day(CONDUCT[rule.kind], own) for rule, own in pairs))


def _new_day(family: Conduct[ConductRule], own: ConductProgress) -> ConductProgress:
    if family.latch is not Latch.DAY:
        return own
    own = evolve(own, recorded=(), breached_value=None)
    return evolve(own, level=Level.OK, value=None) if family.fades else own


def _look(
    progress: Progress, walk: Walk, point: Point, asked: When | None, trades: tuple[Deal, ...]
) -> Found:
    scene = Scene(
        point.at, progress.open, walk.ledger, walk.life.server_clock, trades, point.observation
    )
    findings: list[Finding] = []
    conduct = tuple(
        _one(rule, own, progress, walk, point, scene, findings)
        if asked in CONDUCT[rule.kind].looks or own.due == point.at
        else own
        for rule, own in zip(walk.conduct, progress.phase.conduct, strict=True)
    )
    if conduct == progress.phase.conduct:
        return progress, ()
    phase = evolve(progress.phase, conduct=conduct, due=earliest(conduct))
    return evolve(progress, phase=phase), tuple(findings)


def _one(
    rule: ConductRule,
    own: ConductProgress,
    progress: Progress,
    walk: Walk,
    point: Point,
    scene: Scene,
    findings: list[Finding],
) -> ConductProgress:
    family = CONDUCT[rule.kind]
    own, looked = family.look(rule, own, scene)
    if looked is not None:
        finding = _finding(rule, own, progress, walk, point, looked)
        if finding is not None:
            findings.append(finding)
        own = _remembered(own, looked, point, finding)
    if family.next_at is never:
        return own
    return evolve(own, due=family.next_at(rule, own, scene))


def _finding(
    rule: ConductRule,
    own: ConductProgress,
    progress: Progress,
    walk: Walk,
    point: Point,
    looked: Look,
) -> Finding | None:
    if looked.level is Level.OK:
        return None
    severity, verdict = Severity(looked.level.value), Verdict.LEVEL
    if looked.level is Level.BREACH:
        verdict = verdict_of(rule.severity, progress, sure=point.proven)
    if is_covered(own.recorded, severity, verdict):
        return None
    grade = Grade.OBSERVED if point.proven else Grade.UNKNOWN
    return Finding(
        rule_id=rule.rule_id,
        kind=rule.kind,
        severity=severity,
        verdict=verdict,
        grade=grade,
        floor=None,
        threshold=CONDUCT[rule.kind].limit(rule),
        current=looked.value,
        evidence=conduct_evidence.bundle(
            progress, walk, point, rule, looked, severity, verdict, grade
        ),
    )


def _remembered(
    own: ConductProgress, looked: Look, point: Point, finding: Finding | None
) -> ConductProgress:
    """The value as it stands; a crossing that is only possible shows as critical.

    Time that runs is told from ``since`` when it is asked for, not written at every reading.
    """
    level = looked.level
    if level is Level.BREACH and not point.proven:
        level = Level.CRITICAL
    if finding is None:
        value = looked.value if own.since is None else own.value
        if (own.value, own.level) == (value, level):
            return own
        return evolve(own, value=value, level=level)
    recorded = (*own.recorded, f"{finding.severity}:{finding.verdict}")
    firm = finding.verdict in (Verdict.HARD, Verdict.SOFT)
    breached = looked.value if firm else own.breached_value
    return evolve(own, value=looked.value, level=level, recorded=recorded, breached_value=breached)
