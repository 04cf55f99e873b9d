"""The walk along an account's path: deals and readings in order, day by day (RULES 4).

At each point: close passed days, fix anchors and end-of-day highs, then flows, then high-water
marks, then floors, then the check. Deals of one instant are one point; deals come before readings.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from actors.domain import conduct_judgement
from actors.domain.achievement import day_ended, passed
from actors.domain.anchor import boundary_of, with_line
from actors.domain.booked import booked, lifted
from actors.domain.context import Point, Walk
from actors.domain.coverage import Known, cover
from actors.domain.day_rows import rows
from actors.domain.deals import Deal
from actors.domain.drawdown import Values
from actors.domain.evolve import evolve
from actors.domain.exposure import closes, moved, opens
from actors.domain.gap import Gap, along, gap_before
from actors.domain.initial import Found
from actors.domain.judgement import judge
from actors.domain.ledger import open_at, order
from actors.domain.phase_progress import ObjectiveProgress, PhaseProgress
from actors.domain.prices import instant_of, utc_msc
from actors.domain.progress import Boundary, Day, PositionSight, Progress, RuleProgress, Sight
from actors.domain.rules.families import FAMILIES
from actors.domain.snapshot import Observation
from actors.domain.stretches import Stretch
from actors.domain.waiting import is_worth_waiting, noted, settled

_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)


def begin(progress: Progress, walk: Walk, found: Found) -> Progress:
    """Start the path at the initial balance; its rule day is the first day."""
    initial = found.initial
    if initial is None:
        return evolve(progress, conflict=found.conflict, provisional=found.provisional)
    progress = _until_initial(progress, walk, initial.initial_at)
    date = walk.clock.day_of(initial.initial_at)
    start, end = walk.clock.boundary(date), walk.clock.boundary(date + _DAY)
    volumes = open_at(walk.ledger, initial.initial_at, inclusive=False)
    boundary = Boundary(start, found.base, flat=not volumes, initial=initial.value)
    begun = evolve(
        progress,
        conflict=None,
        initial=initial,
        provisional=found.provisional,
        base=found.base,
        sums=found.base,
        open=volumes,
        last=_flat_start(progress, found),
        covered_to=start,
        day=_first_day(progress.day, Day(date, start, end, boundary)),
        rules=tuple(_fresh(progress, index, rule.rule_id) for index, rule in enumerate(walk.rules)),
    )
    begun = evolve(begun, phase=_phase(begun, walk, initial.initial_at))
    begun = cover(begun, initial.initial_at, Known.UNKNOWN)
    return _judge_balance(begun, walk, initial.initial_at)


def _flat_start(progress: Progress, found: Found) -> Sight | None:
    """The account at the initial balance, where it was under watch by then: flat, so exact."""
    first, initial, base = progress.first_seen_at, found.initial, found.base
    if first is None or initial is None or initial.initial_at < first:
        return None
    return Sight(initial.initial_at, base.balance, base.balance + base.credit, base.credit)


def _first_day(was: Day | None, day: Day) -> Day:
    """A day that was begun on another initial balance goes on as a further revision."""
    if was is None or was.date != day.date:
        return day
    return evolve(day, revision=was.revision + 1, cause="further_deposit")


def _until_initial(progress: Progress, walk: Walk, at: datetime) -> Progress:
    """A further deposit before any trade moves the start: the days before it are closed first."""
    if progress.day is None or progress.walked_to is None:
        return progress
    flat = Gap(Known.SAMPLED, Sight(at, 0, 0, 0))
    for when, group in _points(walk.ledger.between(progress.walked_to, at)):
        progress = _take(_advance(progress, walk, when, flat), walk, group)
    return _advance(progress, walk, at, flat)


def _fresh(progress: Progress, index: int, rule_id: str) -> RuleProgress:
    """A loss rule at the start of the path; what is latched stays latched."""
    if not progress.rules:
        return RuleProgress(rule_id)
    was = progress.rules[index]
    return RuleProgress(
        rule_id,
        recorded=was.recorded,
        breached_floor=was.breached_floor,
        breached_value=was.breached_value,
    )


def _phase(progress: Progress, walk: Walk, at: datetime) -> PhaseProgress:
    """The other rules at the start of the path."""
    conduct = conduct_judgement.begun(progress, walk, at)
    return PhaseProgress(
        conduct=conduct,
        objectives=tuple(ObjectiveProgress(rule.rule_id) for rule in walk.objectives),
        due=conduct_judgement.earliest(conduct),
        passed_at=progress.phase.passed_at,
    )


def pending(progress: Progress, walk: Walk, until: datetime, found: Found | None) -> list[Deal]:
    """Deals that the walk up to ``until`` has still to take, in order."""
    if found is None or found.initial is None:
        return list(walk.ledger.between(progress.walked_to, until))
    start = (found.initial.initial_at, found.ticket)
    return [deal for deal in walk.ledger.between(None, until) if order(deal) > start]


def walk_to(progress: Progress, walk: Walk, seen: Observation, deals: Sequence[Deal]) -> Progress:
    """Take ``deals`` point by point, then the reconciled observation ``seen``."""
    last, sight = progress.last, sight_of(seen)
    gap = gap_before(progress, walk, sight, deals)
    if progress.first_seen_at is None:
        progress = evolve(progress, first_seen_at=seen.observed_at)
    progress = settled(progress, walk, sight)
    changed = progress.phase.relook or bool(deals)
    if progress.phase.relook:
        progress = evolve(progress, phase=evolve(progress.phase, relook=False))
    for at, part in _parts(deals, gap):
        progress = _advance(progress, walk, at, gap)
        if isinstance(part, Stretch):
            progress = along(progress, walk, gap, part)
        else:
            progress = _take(progress, walk, part)
            progress = _judge_deals(progress, walk, at, part)
    progress = _advance(progress, walk, seen.observed_at, gap)
    turned_flat = last is not None and bool(last.positions) and not seen.positions
    progress = _observe(progress, walk, seen, sight)
    return passed(progress, walk) if changed or turned_flat else progress


def _points(deals: Iterable[Deal]) -> Iterator[tuple[datetime, list[Deal]]]:
    for at, group in groupby(deals, key=lambda deal: deal.occurred_at):
        yield at, list(group)


def _parts(deals: Iterable[Deal], gap: Gap) -> list[tuple[datetime, list[Deal] | Stretch]]:
    """The deals and the stretches between them in order; deals come before quotes."""
    parts: list[tuple[datetime, list[Deal] | Stretch]] = list(_points(deals))
    if gap.path is None:
        return parts
    parts += [(instant_of(stretch.since), stretch) for stretch in gap.path.stretches]
    return sorted(parts, key=lambda part: (utc_msc(part[0]), isinstance(part[1], Stretch)))


def _advance(progress: Progress, walk: Walk, at: datetime, gap: Gap) -> Progress:
    """Close every day that ``at`` has passed; a boundary's own instant is the new day's.

    Instants before ``at`` that a rule on conduct asked for are looked at in their place.
    """
    while True:
        day, due = progress.day, progress.phase.due
        if day is not None and due is not None and due < min(at, day.end):
            progress = cover(progress, due, gap.known)
            point = _point(progress, walk, due)
            progress = conduct_judgement.at_instant(progress, walk, point)
        elif day is not None and day.end <= at:
            progress = _next_day(cover(progress, day.end, gap.known), walk, day, gap)
        else:
            return cover(progress, at, gap.known)


def _point(progress: Progress, walk: Walk, at: datetime) -> Point:
    """A point that no reading shows: firm from the first observation on, else only possible."""
    proven_from = walk.life.proven_from or progress.first_seen_at
    proven = proven_from is not None and at >= proven_from
    return Point(at, None, proven, None if proven else "before_first_observation")


def _next_day(progress: Progress, walk: Walk, day: Day, gap: Gap) -> Progress:
    progress = settled(progress, walk, gap.after, over=True)
    for row in rows(progress, walk):
        walk.out.add_day(row)
    boundary = _boundary(progress, walk, day.end, gap)
    date = day.date + _DAY
    following = Day(date, day.end, walk.clock.boundary(date + _DAY), boundary)
    phase = conduct_judgement.new_day(progress.phase, walk.conduct)
    opened = evolve(
        progress,
        day=following,
        phase=evolve(phase, objectives=day_ended(progress, walk)),
        unknown_days_us=progress.unknown_days_us + day.span.unknown,
    )
    opened = evolve(
        opened,
        rules=tuple(
            FAMILIES[rule.kind].new_day(rule, own, opened)
            for rule, own in zip(walk.rules, opened.rules, strict=True)
        ),
    )
    return _judge_balance(opened, walk, day.end)


def _boundary(progress: Progress, walk: Walk, at: datetime, gap: Gap) -> Boundary:
    """The account at a reset, by deals, by the sights around it, and by the path's quotes."""
    boundary = boundary_of(at, progress.sums, progress.open, progress.last, walk.ledger)
    if boundary.flat:
        return boundary
    if gap.after.at > at:
        boundary = with_line(boundary, gap.after, walk.ledger)
    if gap.path is not None and gap.is_rebuilt:
        return evolve(boundary, rebuilt=gap.path.floating_before(utc_msc(at)))
    return evolve(boundary, awaiting=is_worth_waiting(walk, boundary, gap.after))


def _take(progress: Progress, walk: Walk, group: list[Deal]) -> Progress:
    sums = progress.sums.plus(group)
    trades = [deal for deal in group if deal.is_trade]
    if not trades or progress.day is None:
        return booked(progress, walk.rules, sums)
    volumes = dict(progress.open)
    opened = closed = 0
    for deal in trades:
        was, now = moved(volumes, deal)
        opened, closed = opened + opens(was, now), closed + closes(was, now)
    day = progress.day
    first = opened > 0 and day.opened == 0
    return evolve(
        progress,
        sums=sums,
        rules=lifted(progress, walk.rules, sums),
        open=volumes,
        day=evolve(day, opened=day.opened + opened, closed=day.closed + closed),
        trading_days=progress.trading_days + int(first),
        last_trade_at=trades[-1].occurred_at,
    )


def _judge_deals(progress: Progress, walk: Walk, at: datetime, group: list[Deal]) -> Progress:
    point, values = _point(progress, walk, at), _values(progress)
    progress, also = conduct_judgement.after_deals(progress, walk, point, group)
    return noted(judge(progress, walk, point, values, daily=True, also=also), point, values)


def _judge_balance(progress: Progress, walk: Walk, at: datetime) -> Progress:
    """The value that the account has at the start of its path and at each reset is a point too."""
    point, values = _point(progress, walk, at), _values(progress)
    return noted(judge(progress, walk, point, values, daily=True), point, values)


def _values(progress: Progress) -> Values:
    """Balance is exact from the deals; equity too where no position is open."""
    sums = progress.sums
    return Values(sums.balance, None if progress.open else sums.balance, sums.credit)


def _observe(progress: Progress, walk: Walk, seen: Observation, sight: Sight) -> Progress:
    ids = {position.position_id for position in seen.positions}
    if ids != set(progress.open):
        walk.out.note("positions_differ")
    values = Values(seen.balance, seen.equity - seen.credit, seen.credit)
    point = Point(seen.observed_at, seen, proven=True)
    progress, also = conduct_judgement.at_reading(progress, walk, point)
    judged = judge(progress, walk, point, values, daily=True, also=also)
    judged = _lagged(noted(judged, point, values), sight)
    return evolve(judged, last=sight, walked_to=seen.observed_at)


def _lagged(progress: Progress, sight: Sight) -> Progress:
    """Remember the day's longest time between two readings: how late a crossing was seen."""
    day, last = progress.day, progress.last
    if day is None or last is None:
        return progress
    lag = (sight.at - last.at) // _MICROSECOND
    return (
        progress if lag <= day.worst_lag_us else evolve(progress, day=evolve(day, worst_lag_us=lag))
    )


def sight_of(seen: Observation) -> Sight:
    """What later anchors need of an observation."""
    return Sight(
        seen.observed_at,
        seen.balance,
        seen.equity,
        seen.credit,
        tuple(
            PositionSight(
                p.position_id,
                p.volume,
                p.profit + p.swap,
                p.symbol,
                p.side,
                p.open_price,
                p.current_price,
                p.swap,
            )
            for p in seen.positions
        ),
    )
