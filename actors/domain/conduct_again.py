"""Conduct again: what late facts make of the rules on conduct (RULES 3).

Deals and time tell most of them, so that a violation which a late deal shows is written at its
true instant. Where the broker changed or took back a deal its own records disagree: what only the
newer ones show is possible, for a human. A recorded violation that they no longer show stays and
is told.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from attrs import frozen

from actors.domain import conduct_evidence
from actors.domain.change import Change
from actors.domain.conduct_course import Course, Crossing, Instant, Span, course, reads_deals
from actors.domain.conduct_judgement import earliest
from actors.domain.context import Point, Walk
from actors.domain.discrepancy import Discrepancy, DiscrepancyKind
from actors.domain.evolve import evolve
from actors.domain.finding import Finding, is_covered, record, verdict_of
from actors.domain.ledger import Ledger
from actors.domain.past import ConductRecord, Past
from actors.domain.phase_progress import ConductProgress
from actors.domain.plan import ConductRule
from actors.domain.progress import Day, Progress
from actors.domain.rule_day import Level
from actors.domain.rules.conduct import Latch
from actors.domain.rules.families import CONDUCT
from actors.domain.violation import Grade, Severity, Verdict

_RANK = {level: rank for rank, level in enumerate(Level)}
_FIRM = (Verdict.HARD, Verdict.SOFT)


@frozen
class Late:
    """A change of the deals, the ledger before it, the stored past, and when it was seen."""

    before: Ledger
    change: Change
    past: Past
    seen_at: datetime

    @property
    def cause(self) -> DiscrepancyKind:
        """What the change is, as the discrepancies of its deals say."""
        if not self.change.removed:
            return DiscrepancyKind.DEAL_LATE
        changed = bool(self.change.added)
        return DiscrepancyKind.DEAL_CHANGED if changed else DiscrepancyKind.DEAL_GONE


def touches(progress: Progress, change: Change) -> bool:
    """True when the change can alter what a rule on conduct measured."""
    return bool(progress.phase.conduct) and change.moves_positions


def again(progress: Progress, walk: Walk, late: Late) -> Progress:
    """The rules on conduct as the deals tell them now; new violations and discrepancies told."""
    initial, until, day = progress.initial, progress.walked_to, progress.day
    if initial is None or until is None or day is None or not touches(progress, late.change):
        return progress  # nothing was walked yet, or nothing of it is conduct
    begin = walk.clock.boundary(walk.clock.day_of(late.change.earliest))
    begin = max(initial.initial_at, begin)
    span = Span(
        walk.ledger,
        initial.initial_at,
        begin,
        until,
        walk.life.proven_from or progress.first_seen_at,
        _instants(walk, late.past.conduct, begin),
    )
    was, now = course(walk, evolve(span, ledger=late.before)), course(walk, span)
    for one in _unfounded(walk, late, was, now):
        walk.out.contradict(one)
    progress, records = _written(progress, walk, late, now)
    return _standing(progress, day, walk, now, records)


def _instants(walk: Walk, records: Sequence[ConductRecord], begin: datetime) -> frozenset[Instant]:
    """Where a rule that deals tell has a record in the span."""
    told = {rule.rule_id for rule in walk.conduct if reads_deals(rule)}
    return frozenset(
        (one.rule_id, one.occurred_at)
        for one in records
        if one.rule_id in told and one.occurred_at >= begin
    )


def _unfounded(walk: Walk, late: Late, was: Course, now: Course) -> Iterator[Discrepancy]:
    """Records that the deals showed before the change and show no more."""
    rules = {rule.rule_id: rule for rule in walk.conduct}
    for one in late.past.conduct:
        measure = CONDUCT[rules[one.rule_id].kind].again
        if measure is None:
            name = (one.rule_id, one.occurred_at)
            stood = name in was.measured and _shows(was, name, one.severity)
            gone, value = stood and not _shows(now, name, one.severity), _value(now, name)
        else:
            value = measure(one.facts, late.before, walk.ledger)
            gone = value is not None and value <= one.threshold
        if gone:
            yield _discrepancy(one, value, late.cause)


def _shows(told: Course, name: Instant, severity: Severity) -> bool:
    looked = told.measured.get(name)
    return looked is not None and _RANK[looked.level] >= _RANK[Level(severity.value)]


def _value(told: Course, name: Instant) -> int | None:
    looked = told.measured.get(name)
    return None if looked is None else looked.value


def _discrepancy(one: ConductRecord, value: int | None, cause: DiscrepancyKind) -> Discrepancy:
    return Discrepancy(
        DiscrepancyKind.VERDICT_UNFOUNDED,
        one.rule_id,
        one.rule_date,
        one.occurred_at,
        {
            "limit": one.threshold,
            "value": one.current,
            "severity": one.severity.value,
            "verdict": one.verdict.value,
        },
        {"limit": one.threshold, "value": value, "verdict": None, "cause": cause.value},
    )


def _written(
    progress: Progress, walk: Walk, late: Late, now: Course
) -> tuple[Progress, list[ConductRecord]]:
    """Write the violations that no record stands for; also return all that a latch holds."""
    records = list(late.past.conduct)
    for _, group in groupby(now.crossings, key=_at):
        findings: list[Finding] = []
        crossings = list(group)
        point = _doubted(crossings[0].point, late)
        for one in crossings:
            rule = walk.conduct[one.place]
            held = [_key(each) for each in records if _is_held(rule, one, each, now)]
            finding = _finding(progress, walk, late, rule, one, point)
            records.append(_recorded(finding, one))  # or the row in its place stands for both
            if not is_covered(held, finding.severity, finding.verdict):
                findings.append(finding)
        progress = record(progress, walk, point, findings)
    return progress, records


def _at(one: Crossing) -> datetime:
    return one.point.at


def _key(one: ConductRecord) -> str:
    return f"{one.severity}:{one.verdict}"


def _is_held(rule: ConductRule, one: Crossing, other: ConductRecord, now: Course) -> bool:
    """True when the record lies under the crossing's latch, or in its row's place."""
    if other.rule_id != rule.rule_id:
        return False
    if other.rule_date == one.day:
        return True
    latch = CONDUCT[rule.kind].latch
    if latch is Latch.DAY or one.since is None:
        return False
    if other.occurred_at <= one.point.at:
        since_then = latch is Latch.LIFE or other.occurred_at >= one.since
        return since_then and _stands(now, other)
    return now.since.get((rule.rule_id, other.occurred_at)) == one.since


def _stands(now: Course, one: ConductRecord) -> bool:
    """True for a record that the deals show now; earlier than the span nothing has changed."""
    name = (one.rule_id, one.occurred_at)
    return name not in now.measured or _shows(now, name, one.severity)


def _doubted(point: Point, late: Late) -> Point:
    """Broker records that disagree prove nothing; the change was seen with this reading."""
    if late.change.removed:
        point = evolve(point, proven=False, doubt=late.cause.value)
    return evolve(point, seen_at=late.seen_at)


def _finding(
    progress: Progress, walk: Walk, late: Late, rule: ConductRule, one: Crossing, point: Point
) -> Finding:
    severity, verdict = Severity(one.looked.level.value), Verdict.LEVEL
    if one.looked.level is Level.BREACH:
        verdict = verdict_of(rule.severity, progress, sure=point.proven)
    grade = Grade.OBSERVED if point.proven else Grade.UNKNOWN
    then = evolve(progress, open=dict(one.open))
    document = conduct_evidence.bundle(
        then, walk, point, rule, one.looked, severity, verdict, grade
    )
    told: dict[str, Any] = {
        "rule_day": one.day.isoformat(),
        "coverage": None,
        "late": late.cause.value,
    }
    return Finding(
        rule_id=rule.rule_id,
        kind=rule.kind,
        severity=severity,
        verdict=verdict,
        grade=grade,
        floor=None,
        threshold=CONDUCT[rule.kind].limit(rule),
        current=one.looked.value,
        evidence=document | told,
    )


def _recorded(finding: Finding, one: Crossing) -> ConductRecord:
    return ConductRecord(
        finding.rule_id,
        one.day,
        finding.severity,
        finding.verdict,
        finding.threshold,
        finding.current,
        one.point.at,
    )


def _standing(
    progress: Progress, day: Day, walk: Walk, now: Course, records: Sequence[ConductRecord]
) -> Progress:
    """Values, times and latches as they stand now; stop-losses are told by the next reading."""
    conduct = []
    for rule, own, told in zip(walk.conduct, progress.phase.conduct, now.own, strict=True):
        if not reads_deals(rule):
            conduct.append(own)
            continue
        held = [one for one in records if one.rule_id == rule.rule_id]
        since = _held_since(CONDUCT[rule.kind].latch, day, told)
        held = [one for one in held if since is None or one.occurred_at >= since]
        if CONDUCT[rule.kind].latch is not Latch.DAY:
            held = [one for one in held if _stands(now, one)]
        conduct.append(_latched(evolve(told, recorded=(), breached_value=None), held))
    phase = evolve(progress.phase, conduct=tuple(conduct), due=earliest(conduct))
    return evolve(progress, phase=phase)


def _held_since(latch: Latch, day: Day, told: ConductProgress) -> datetime | None:
    """From when on records lie under the latch; None for all of the life."""
    if latch is Latch.LIFE:
        return None
    return day.start if latch is Latch.DAY else (told.since or day.end)


def _latched(own: ConductProgress, held: Sequence[ConductRecord]) -> ConductProgress:
    firm = [one.current for one in held if one.verdict in _FIRM]
    return evolve(
        own,
        recorded=tuple(dict.fromkeys(map(_key, held))),
        breached_value=firm[0] if firm else None,
    )
