"""Achievement: how far the phase's objectives are, and when it is passed (RULES 2).

Days that have ended are kept as a count and a best; today is told from the sums. A late fact of an
earlier day makes them be counted anew from the deals.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from actors.domain.account import InitialBalanceSource
from actors.domain.context import Walk
from actors.domain.evolve import evolve
from actors.domain.exposure import closes, moved, opens
from actors.domain.finding import is_over
from actors.domain.ledger import Sums, open_at
from actors.domain.phase_progress import ObjectiveProgress
from actors.domain.plan import Objective
from actors.domain.progress import Day, Progress
from actors.domain.rules.families import OBJECTIVES
from actors.domain.rules.objective import Achieved, DayResult, Stand
from actors.domain.state import InitialBalance

_DAY = timedelta(days=1)


def closed_result(start: Sums, end: Sums) -> int:
    """What the deals between two instants earned: balance without the flows, in minor units."""
    return (end.balance - end.flows) - (start.balance - start.flows)


def today(progress: Progress, day: Day) -> DayResult:
    """The rule day under way as it stands."""
    return DayResult(day.opened, day.closed, closed_result(day.boundary.sums, progress.sums))


def achieved(progress: Progress) -> Achieved | None:
    """The account as objectives see it; None while its initial balance is unknown."""
    initial, day = progress.initial, progress.day
    if initial is None or day is None or progress.digits is None:
        return None
    last = progress.last
    return Achieved(
        initial=initial.value,
        digits=progress.digits,
        result=progress.sums.balance - initial.value - progress.flows,
        total=closed_result(progress.base, progress.sums),
        today=today(progress, day),
        flat=not progress.open and not (last and last.positions),
    )


def stand_of(rule: Objective, own: ObjectiveProgress, so_far: Achieved) -> Stand:
    """How far one objective is."""
    return OBJECTIVES[rule.kind].stand(rule, own, so_far)


def day_ended(progress: Progress, walk: Walk) -> tuple[ObjectiveProgress, ...]:
    """The objectives with the day under way counted in: it ends."""
    if not walk.objectives or progress.day is None or progress.initial is None:
        return progress.phase.objectives
    ended = (today(progress, progress.day),)
    return _counted(walk, progress.phase.objectives, ended, progress.initial.value)


def _counted(
    walk: Walk,
    before: Iterable[ObjectiveProgress],
    days: Iterable[DayResult],
    initial: int,
) -> tuple[ObjectiveProgress, ...]:
    objectives = tuple(before)
    for day in days:
        objectives = tuple(
            OBJECTIVES[rule.kind].day_ended(rule, own, day, initial)
            for rule, own in zip(walk.objectives, objectives, strict=True)
        )
    return objectives


def passed(progress: Progress, walk: Walk) -> Progress:
    """Latch the pass when every objective holds at this reconciled observation.

    A phase without objectives is never passed, a phase that is over neither, nor one whose
    initial balance is only where a report's window starts.
    """
    if not walk.objectives or is_over(progress):
        return progress
    so_far = achieved(progress)
    if so_far is None or _unproven(progress):
        return progress
    for rule, own in zip(walk.objectives, progress.phase.objectives, strict=True):
        if not stand_of(rule, own, so_far).met:
            return progress
    walk.out.note("phase_passed")
    return evolve(progress, phase=evolve(progress.phase, passed_at=progress.walked_to))


def _unproven(progress: Progress) -> bool:
    initial = progress.initial
    return initial is not None and initial.source is InitialBalanceSource.WINDOW_START


def recounted(progress: Progress, walk: Walk, initial: InitialBalance, day: Day) -> Progress:
    """Count the days ended before ``day`` anew from the deals, all of which are in memory."""
    days = tuple(_ended_days(progress.base, initial.initial_at, walk, day))
    begun = (ObjectiveProgress(rule.rule_id) for rule in walk.objectives)
    objectives = _counted(walk, begun, days, initial.value)
    traded = sum(one.opened > 0 for one in days) + (day.opened > 0)
    return evolve(
        progress,
        trading_days=traded,
        phase=evolve(progress.phase, objectives=objectives),
    )


def _ended_days(base: Sums, at: datetime, walk: Walk, day: Day) -> Iterator[DayResult]:
    """Every rule day from the initial balance's (at ``at``) to yesterday, in order."""
    volumes = open_at(walk.ledger, at, inclusive=False)
    deals = walk.ledger.between(None, day.start)
    date, start = walk.clock.day_of(at), base
    while date < day.date:
        begins, ends = walk.clock.boundary(date), walk.clock.boundary(date + _DAY)
        opened = closed = 0
        for deal in deals:
            if deal.is_trade and max(begins, at) <= deal.occurred_at < ends:
                was, now = moved(volumes, deal)
                opened, closed = opened + opens(was, now), closed + closes(was, now)
        end = walk.ledger.before(ends)
        yield DayResult(opened, closed, closed_result(start, end))
        date, start = date + _DAY, end
