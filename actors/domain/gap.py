"""The time between two evaluated readings: what is known of it, and the walk along it (RULES 4)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from attrs import evolve, frozen

from actors.domain.context import Outbox, Point, Walk
from actors.domain.coverage import Known
from actors.domain.deals import Deal
from actors.domain.drawdown import Values
from actors.domain.excursions import extremes, records
from actors.domain.judgement import judge
from actors.domain.prices import instant_of, utc_msc
from actors.domain.progress import Progress, RuleProgress, Sight
from actors.domain.reconstruction import reconstruct
from actors.domain.rule_day import Level
from actors.domain.server_clock import ServerClock
from actors.domain.stretches import Path, Stretch, Terms
from actors.domain.violation import Grade

_DAY_MS = 86_400_000
_FEW = 8
"""So few points are judged without asking first whether any of them matters."""


@frozen
class Gap:
    """The time from the last evaluated reading to ``after``: how it is known, and its path."""

    known: Known
    after: Sight
    path: Path | None = None

    @property
    def is_rebuilt(self) -> bool:
        """True when the path is known quote by quote."""
        return self.path is not None and self.path.grade is Grade.RECONSTRUCTED


def gap_before(progress: Progress, walk: Walk, after: Sight, deals: Sequence[Deal]) -> Gap:
    """Rebuild the time since the last evaluated reading, as far as the prices tell it."""
    last = progress.last
    if last is None:
        return Gap(Known.UNKNOWN, after)
    path = path_between(last, after, walk, progress, deals)
    within = after.at - last.at <= timedelta(seconds=walk.promise_seconds)
    gap = Gap(Known.SAMPLED if within else Known.UNKNOWN, after, path)
    return evolve(gap, known=Known.RECONSTRUCTED) if gap.is_rebuilt else gap


def path_between(
    before: Sight, after: Sight, walk: Walk, progress: Progress, deals: Sequence[Deal]
) -> Path | None:
    """The path between two sights through ``deals``; None without prices, or all along flat."""
    if walk.prices is None or progress.currency is None or progress.digits is None:
        return None
    if not (before.positions or after.positions or any(deal.is_trade for deal in deals)):
        return None
    terms = Terms(
        progress.currency,
        progress.digits,
        _rollovers(walk.life.server_clock, before.at, after.at),
        (*_boundaries(walk, before.at, after.at), *_due(progress)),
    )
    return reconstruct(before, deals, after, walk.prices, terms)


def _rollovers(clock: ServerClock, since: datetime, until: datetime) -> tuple[int, ...]:
    """The server's midnights in (since, until]."""
    first = clock.to_broker_msc(since) // _DAY_MS + 1
    last = clock.to_broker_msc(until) // _DAY_MS
    return tuple(utc_msc(clock.to_utc(day * _DAY_MS)) for day in range(first, last + 1))


def _due(progress: Progress) -> tuple[int, ...]:
    """Just after the instant that a rule on conduct asked for, so that it is looked at first."""
    due = progress.phase.due
    return () if due is None else (utc_msc(due) + 1,)


def _boundaries(walk: Walk, since: datetime, until: datetime) -> tuple[int, ...]:
    """The resets in (since, until]."""
    found, at = [], walk.clock.next_reset(since)
    while at <= until:
        found.append(utc_msc(at))
        at = walk.clock.next_reset(at)
    return tuple(found)


def along(progress: Progress, walk: Walk, gap: Gap, stretch: Stretch) -> Progress:
    """Judge the values of one stretch that can matter, in order, with the balance as it is now."""
    if not progress.open or gap.path is None:
        return progress
    if stretch.lowest is not None:
        return _at_worst(progress, walk, gap, stretch.since, stretch.lowest)
    progress = _spanned(progress, stretch)
    starts_seen = stretch is gap.path.stretches[0]  # the last reading itself was judged already
    for index in _chosen(progress, walk, gap, stretch):
        if index or not starts_seen:
            point = _point(gap, stretch.times[index])
            values = _values(progress, stretch.floatings[index])
            progress = judge(progress, walk, point, values, daily=True)
    return progress


def _chosen(progress: Progress, walk: Walk, gap: Gap, stretch: Stretch) -> list[int]:
    found = records(stretch.floatings)
    if len(found) > _FEW and _is_quiet(progress, walk, gap, stretch):
        return extremes(stretch.floatings)
    return [*found, len(stretch.floatings) - 1] if found[-1] < len(stretch.floatings) - 1 else found


def _is_quiet(progress: Progress, walk: Walk, gap: Gap, stretch: Stretch) -> bool:
    """True when even the lowest value under the floors of the highest would give no row."""
    trial = evolve(walk, out=Outbox())
    point = _point(gap, stretch.since)
    for floating in (max(stretch.floatings), min(stretch.floatings)):
        progress = judge(progress, trial, point, _values(progress, floating), daily=True)
    return not trial.out.violations and all(_is_told(own) for own in progress.rules)


def _is_told(own: RuleProgress) -> bool:
    """True when every row up to the present level is written: nothing under it can be new."""
    if own.level in (Level.OK, Level.WARNING):
        return True
    return any(key in own.recorded for key in ("critical:level", "breach:hard", "breach:soft"))


def _at_worst(progress: Progress, walk: Walk, gap: Gap, since: int, lowest: int) -> Progress:
    """The bound of a stretch: a crossing by it is possible, never more, and lifts no mark."""
    point = evolve(_point(gap, since), proven=False, doubt="bounded")
    return judge(progress, walk, point, _values(progress, lowest), daily=True)


def _point(gap: Gap, msc: int) -> Point:
    grade = Grade.OBSERVED if gap.path is None else gap.path.grade
    return Point(
        instant_of(msc), None, proven=True, grade=grade, path=gap.path, seen_at=gap.after.at
    )


def _values(progress: Progress, floating: int) -> Values:
    sums = progress.sums
    return Values(sums.balance, sums.balance + floating, sums.credit)


def _spanned(progress: Progress, stretch: Stretch) -> Progress:
    """The curve's lowest and highest equity include what the quotes showed."""
    own = progress.sums.balance + progress.sums.credit
    low, high = own + min(stretch.floatings), own + max(stretch.floatings)
    return evolve(
        progress,
        lowest=low if progress.lowest is None else min(low, progress.lowest),
        highest=high if progress.highest is None else max(high, progress.highest),
    )
