"""Late and changed deals: facts that arrive after their instant has been walked (RULES 3).

Sums, open positions and the present day's boundary are taken anew from the deals; what was
decided on the old facts gets a further revision with its cause, and a verdict that would no
longer hold is noted as a discrepancy for a human. Nothing is undone silently.
"""

from collections.abc import Sequence
from datetime import datetime

from attrs import evolve

from actors.domain.achievement import recounted
from actors.domain.anchor import again
from actors.domain.context import Walk
from actors.domain.day_rows import revised
from actors.domain.deals import Deal
from actors.domain.drawdown import crosses
from actors.domain.initial import find_initial
from actors.domain.ledger import Ledger, Sums, open_at
from actors.domain.progress import Day, Progress
from actors.domain.rule_day import RuleDay
from actors.domain.rules.families import FAMILIES


def amend(
    progress: Progress, walk: Walk, before: Ledger, new: Sequence[Deal], changed: Sequence[Deal]
) -> Progress:
    """Progress as the ledger tells it now; ``before`` is the ledger without the delivery."""
    if changed:
        walk.out.note("deal_changed")
    walked_to = progress.walked_to
    if walked_to is None or progress.day is None:
        return progress
    late = [deal for deal in (*new, *changed) if deal.occurred_at <= walked_to]
    late += [old for deal in changed if (old := before.by_ticket[deal.ticket]) not in late]
    if not late:
        return progress
    walk.out.note("late_deal")
    earliest = min(deal.occurred_at for deal in late)
    progress = _initial_again(progress, walk, earliest)
    progress = evolve(
        progress,
        sums=walk.ledger.until(walked_to),
        open=open_at(walk.ledger, walked_to, inclusive=True),
        phase=evolve(progress.phase, relook=True),
    )
    progress = _day_again(progress, walk, walked_to)
    if earliest < progress_day(progress).start:
        progress = recounted(progress, walk)
        progress = _boundary_again(
            progress, walk, before, "changed_deal" if changed else "late_deal"
        )
    return progress


def progress_day(progress: Progress) -> Day:
    """The day under way; amending needs one."""
    if progress.day is None:
        raise AssertionError("no rule day is under way")
    return progress.day


def _initial_again(progress: Progress, walk: Walk, earliest: datetime) -> Progress:
    """A late deal at or before ``initial_at`` changes what the life started with."""
    initial, digits = progress.initial, progress.digits
    if initial is None or digits is None or earliest > initial.initial_at:
        return progress
    if walk.ledger.folded.before is not None or progress.walked_to is None:
        return progress
    found = find_initial(walk.ledger, walk.life, progress.walked_to, digits)
    if found.initial is None or found.initial == initial:
        return evolve(progress, base=found.base)
    walk.out.note("discrepancy")
    return evolve(progress, initial=found.initial, base=found.base)


def _day_again(progress: Progress, walk: Walk, walked_to: datetime) -> Progress:
    """Positions opened and closed on the present day, counted anew."""
    day = progress_day(progress)
    opened = closed = 0
    for position_id in walk.ledger.by_position:
        deals = [d for d in walk.ledger.position(position_id) if d.occurred_at <= walked_to]
        if not deals or deals[-1].occurred_at < day.start:
            continue
        opened += int(deals[0].occurred_at >= day.start and deals[0].entry.name == "IN")
        closed += int(position_id not in progress.open)
    gained = int(opened > 0) - int(day.opened > 0)
    return evolve(
        progress,
        day=evolve(day, opened=opened, closed=closed),
        trading_days=progress.trading_days + gained,
    )


def _boundary_again(progress: Progress, walk: Walk, before: Ledger, cause: str) -> Progress:
    day = progress_day(progress)
    for row in progress.previous:
        then = _between(before, row.start_at, row.end_at)
        now = _between(walk.ledger, row.start_at, row.end_at)
        change = Sums(now.balance - then.balance, 0, now.flows - then.flows)
        if change != Sums():
            walk.out.add_day(revised(row, change, cause))
    boundary = again(day.boundary, before, walk.ledger)
    if boundary == day.boundary:
        return progress
    anew = evolve(day, boundary=boundary, revision=day.revision + 1, cause=cause)
    progress = evolve(progress, day=anew, previous=_kept(progress, walk))
    _note_discrepancies(progress, walk)
    return progress


def _kept(progress: Progress, walk: Walk) -> tuple[RuleDay, ...]:
    latest = {row.rule_id: row for row in progress.previous}
    for row in walk.out.rule_days.values():
        if row.rule_id in latest and row.date == latest[row.rule_id].date:
            latest[row.rule_id] = row
    return tuple(latest.values())


def _between(ledger: Ledger, start: datetime, end: datetime) -> Sums:
    first, last = ledger.before(start), ledger.before(end)
    return Sums(last.balance - first.balance, last.credit - first.credit, last.flows - first.flows)


def _note_discrepancies(progress: Progress, walk: Walk) -> None:
    for rule, own in zip(walk.rules, progress.rules, strict=True):
        floor = FAMILIES[rule.kind].floor_of(rule, own, progress)
        if own.breached_value is None or floor is None:
            continue
        if not crosses(rule, own.breached_value, floor.floor):
            walk.out.note("discrepancy")
