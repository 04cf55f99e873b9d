"""The course of conduct: what the rules on conduct measure along a stretch of deals (RULES 2).

The walk looks at the same points as it goes. Here they are looked at again, by the deals as they
are known later, without anything being written.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from attrs import field, frozen

from actors.domain.context import Point, Walk
from actors.domain.deals import Deal
from actors.domain.evolve import evolve
from actors.domain.exposure import moved
from actors.domain.ledger import Ledger
from actors.domain.phase_progress import ConductProgress
from actors.domain.plan import ConductRule
from actors.domain.rule_day import Level
from actors.domain.rules.conduct import Conduct, Look, Scene, When, never
from actors.domain.rules.families import CONDUCT

_MOMENT = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_RANK = {level: rank for rank, level in enumerate(Level)}

Instant = tuple[str, datetime]
"""A rule and an instant."""


@frozen
class Crossing:
    """One look that found the rule warned or broken; ``since`` is from when its time ran."""

    place: int
    point: Point
    day: date
    looked: Look
    since: datetime | None
    open: Mapping[int, Decimal]


@frozen
class Span:
    """What is looked at: the deals of ``ledger`` from ``begin`` (a reset, or the life's start at
    ``initial_at``) to ``until``; ``also`` are instants that verdicts were recorded at.
    """

    ledger: Ledger
    initial_at: datetime
    begin: datetime
    until: datetime
    proven_from: datetime | None
    also: frozenset[Instant] = frozenset()


@frozen
class Course:
    """How the rules stand at the span's end, each crossing, and what was measured at ``also``;
    filled while the span is walked, local to one step.
    """

    own: list[ConductProgress]
    crossings: list[Crossing] = field(factory=list)
    measured: dict[Instant, Look | None] = field(factory=dict)
    since: dict[Instant, datetime | None] = field(factory=dict)


def reads_deals(rule: ConductRule) -> bool:
    """True for a rule that deals and time tell alone; others need what a reading shows."""
    return CONDUCT[rule.kind].again is None


def course(walk: Walk, span: Span) -> Course:
    """Look at every point of the span in order."""
    volumes = _held(span)
    told = Course([_begun(rule, walk, span, volumes) for rule in walk.conduct])
    day = walk.clock.day_of(span.begin)
    end = walk.clock.boundary(day + _DAY)
    groups = dict(_groups(span.ledger.between(span.begin - _MOMENT, span.until)))
    instants = sorted({*groups, *(at for _, at in span.also)})
    while (at := _next(told, instants, end)) <= span.until:
        if at == end:
            day, end = day + _DAY, walk.clock.boundary(day + 2 * _DAY)
            pairs = zip(walk.conduct, told.own, strict=True)
            told.own[:] = [_rested(CONDUCT[rule.kind], own) for rule, own in pairs]
            continue  # what is due at a reset is of the new day
        if instants and instants[0] == at:
            instants.pop(0)
        deals = groups.get(at, ())
        for deal in deals:
            moved(volumes, deal)
        scene = Scene(at, dict(volumes), span.ledger, walk.life.server_clock, deals)
        _look(walk, span, told, scene, day)
    return told


def _next(told: Course, instants: list[datetime], end: datetime) -> datetime:
    due = (own.due for own in told.own if own.due is not None)
    return min((*due, *instants[:1], end))


def _groups(deals: Iterable[Deal]) -> Iterator[tuple[datetime, tuple[Deal, ...]]]:
    trades = (deal for deal in deals if deal.is_trade)
    for at, group in groupby(trades, key=lambda deal: deal.occurred_at):
        yield at, tuple(group)


def _held(span: Span) -> dict[int, Decimal]:
    """What was surely open before the span: a close alone does not tell since when."""
    volumes: dict[int, Decimal] = {}
    for deal in span.ledger.between(None, span.begin - _MOMENT):
        if deal.is_trade:
            moved(volumes, deal)
    return volumes


def _begun(
    rule: ConductRule, walk: Walk, span: Span, volumes: Mapping[int, Decimal]
) -> ConductProgress:
    """A rule where the span begins. Time runs from the start of the life, from its first trade or
    from its last: these are looked at.
    """
    family, own = CONDUCT[rule.kind], ConductProgress(rule.rule_id)
    if not reads_deals(rule):
        return own
    if family.next_at is never:
        clock = walk.life.server_clock
        own, looked = family.look(rule, own, Scene(span.begin, volumes, span.ledger, clock))
        return own if looked is None else remembered(own, looked, _point(span, span.begin))
    before = [
        deal
        for deal in span.ledger.between(span.initial_at - _MOMENT, span.begin - _MOMENT)
        if deal.is_trade
    ]
    clock = walk.life.server_clock
    own, _ = family.look(rule, own, Scene(span.initial_at, {}, span.ledger, clock))
    for deal in (*before[:1], *before[-1:]):
        own, _ = family.look(rule, own, Scene(deal.occurred_at, {}, span.ledger, clock, (deal,)))
    just_before = Scene(span.begin - _MOMENT, {}, span.ledger, clock)
    due = family.next_at(rule, own, just_before)
    own, looked = family.look(rule, own, just_before)
    if looked is not None and not family.fades:
        own = remembered(own, looked, _point(span, just_before.at))
    return evolve(own, due=due)


def _rested(family: Conduct[ConductRule], own: ConductProgress) -> ConductProgress:
    return evolve(own, level=Level.OK, value=None) if family.fades else own


def _look(walk: Walk, span: Span, told: Course, scene: Scene, day: date) -> None:
    """What each rule measures; at an instant that is only recorded nothing is found or kept."""
    point = _point(span, scene.at)
    for place, rule in enumerate(walk.conduct):
        family, own = CONDUCT[rule.kind], told.own[place]
        name = (rule.rule_id, scene.at)
        asked = own.due == scene.at or (bool(scene.deals) and When.DEALS in family.looks)
        if not asked and name not in span.also:
            continue
        after, looked = family.look(rule, own, scene)
        if name in span.also:
            told.measured[name], told.since[name] = looked, after.since
        if not asked:
            continue
        if looked is not None and looked.level is not Level.OK:
            told.crossings.append(Crossing(place, point, day, looked, after.since, scene.open))
        if looked is not None:
            after = remembered(after, looked, point)
        told.own[place] = evolve(after, due=family.next_at(rule, after, scene))


def _point(span: Span, at: datetime) -> Point:
    proven = span.proven_from is not None and at >= span.proven_from
    return Point(at, None, proven, None if proven else "before_first_observation")


def remembered(own: ConductProgress, looked: Look, point: Point) -> ConductProgress:
    """The value as it stands; a crossing that is only possible shows as critical."""
    level = looked.level
    if level is Level.BREACH and not point.proven:
        level = Level.CRITICAL
    found = own.since is None or _RANK[looked.level] > _RANK[own.level]
    return evolve(own, value=looked.value if found else own.value, level=level)
