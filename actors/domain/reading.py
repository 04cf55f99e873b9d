"""Receiving a reading: is it reconciled, which readings are held, what may be evaluated (RULES 1).

Only reconciled observations enter rules, anchors and high-water marks. Others are held in order
and evaluated at their own time once their deals arrive.
"""

from datetime import timedelta

from actors.domain.booked import booked
from actors.domain.context import Point, Walk
from actors.domain.curve import EquitySample
from actors.domain.drawdown import Values
from actors.domain.evolve import evolve
from actors.domain.initial import find_initial
from actors.domain.judgement import judge
from actors.domain.progress import Progress
from actors.domain.reconciled import reconciled_at
from actors.domain.snapshot import Observation
from actors.domain.state import Reading
from actors.domain.walk import begin, pending, walk_to

_MOST_HELD = 60
_SAMPLE_EVERY = timedelta(minutes=5)


def receive(progress: Progress, walk: Walk, reading: Reading) -> Progress:
    """Evaluate every held observation that reconciles now, in order, and this one."""
    seen = reading.observation
    newest = progress.newest
    repeated = newest is not None and seen.observed_at <= newest.observed_at
    progress = evolve(
        progress,
        newest=newest if repeated else seen,
        currency=seen.currency,
        digits=seen.currency_digits,
    )
    waiting = progress.held if repeated else (*progress.held, seen)
    if not progress.complete:
        progress = evolve(progress, complete=_is_complete(walk, reading))
    if not progress.complete or not reading.offset_known:
        return _hold(progress, walk, waiting, told=reading.offset_known)
    return _evaluate(progress, walk, waiting)


def _is_complete(walk: Walk, reading: Reading) -> bool:
    """All non-credit deals sum up to the balance, and their count is stable over two reads."""
    history = reading.history
    return (
        history.stable
        and walk.ledger.count >= history.total
        and reconciled_at(walk.ledger, reading.observation) is not None
    )


def _evaluate(progress: Progress, walk: Walk, waiting: tuple[Observation, ...]) -> Progress:
    left: list[Observation] = []
    for seen in waiting:
        at = reconciled_at(walk.ledger, seen)
        if at is None:
            left.append(seen)
            continue
        if progress.walked_to is not None:
            at = max(at, progress.walked_to)
        if at != seen.observed_at:
            seen = evolve(seen, observed_at=at)
        if left:
            walk.out.note("observation_dropped")  # a later one reconciles without it
            left.clear()
        progress = _evaluate_one(progress, walk, seen)
    return _hold(progress, walk, tuple(left))


def _evaluate_one(progress: Progress, walk: Walk, seen: Observation) -> Progress:
    found = None
    if progress.initial is None or progress.provisional:
        found = find_initial(walk.ledger, walk.life, seen.observed_at, seen.currency_digits)
        if found.initial != progress.initial or found.initial is None:
            progress = begin(progress, walk, found)
        else:
            progress, found = evolve(progress, provisional=found.provisional), None
    if progress.initial is None:
        return evolve(progress, walked_to=seen.observed_at)
    deals = pending(progress, walk, seen.observed_at, found)
    return walk_to(progress, walk, seen, deals)


def _hold(
    progress: Progress, walk: Walk, held: tuple[Observation, ...], *, told: bool = True
) -> Progress:
    """Keep what may not be evaluated yet: at most 60, never without the lowest.

    ``told`` False: a clock may be in doubt for hours, so what is dropped makes no row of the log.
    """
    if not held and not progress.held:
        return progress
    if len(held) > _MOST_HELD:
        if told:
            walk.out.note("observation_dropped")
        lowest = min(held, key=lambda seen: seen.equity - seen.credit)
        spare = next(seen for seen in held if seen is not lowest)
        held = tuple(seen for seen in held if seen is not spare)
    since = held[0].observed_at if held else None
    if held and progress.held_since is not None and progress.held:
        since = min(progress.held_since, held[0].observed_at)
    return evolve(progress, held=held, held_since=since)


def glance(progress: Progress, walk: Walk, reading: Reading) -> Progress:
    """Look at an observation that may not be evaluated: it can at most give a possible verdict.

    While the broker's clock is unknown daily rules are left out and the day's anchor waits.
    """
    seen = reading.observation
    if progress.initial is None or progress.day is None:
        return progress
    reconciled = walk.ledger.total.balance == seen.balance
    daily = reading.offset_known and walk.clock.day_of(seen.observed_at) == progress.day.date
    values = Values(seen.balance, seen.equity - seen.credit, seen.credit)
    doubt = None if reconciled else "unreconciled"
    point = Point(seen.observed_at, seen, proven=reconciled, doubt=doubt)
    ahead = booked(progress, walk.rules, walk.ledger.total)
    judged = judge(ahead, walk, point, values, daily=daily)
    return booked(judged, walk.rules, progress.sums)


def sampled(progress: Progress, seen: Observation) -> tuple[Progress, EquitySample | None]:
    """The curve: a sample on every change, else every five minutes."""
    last = progress.sample
    if last is not None and seen.observed_at <= last.recorded_at:
        return progress, None
    lowest = min(seen.equity, seen.equity if progress.lowest is None else progress.lowest)
    highest = max(seen.equity, seen.equity if progress.highest is None else progress.highest)
    if last is not None and _same(last, seen):
        return evolve(progress, lowest=lowest, highest=highest), None
    sample = EquitySample(
        seen.observed_at,
        seen.balance,
        seen.equity,
        seen.credit,
        seen.margin,
        seen.free_margin,
        lowest,
        highest,
    )
    return evolve(progress, sample=sample, lowest=None, highest=None), sample


def _same(last: EquitySample, seen: Observation) -> bool:
    unchanged = (last.balance, last.equity, last.credit, last.margin) == (
        seen.balance,
        seen.equity,
        seen.credit,
        seen.margin,
    )
    return unchanged and seen.observed_at - last.recorded_at < _SAMPLE_EVERY
