"""Late facts: deals that arrive, change or vanish after their instant has been walked (RULES 3).

Sums, open positions and the present day's boundary are taken anew from the deals; every rule day
that they touch gets a further revision with its cause. A verdict that would no longer hold, or
that would newly hold, is told to a human as a discrepancy. Nothing is undone silently.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from attrs import evolve

from actors.domain.achievement import recounted
from actors.domain.anchor import again as boundary_again
from actors.domain.booked import booked
from actors.domain.change import Change, Walked, shifted_change
from actors.domain.context import Walk
from actors.domain.contradiction import Days, missing, unfounded
from actors.domain.day_rows import rows
from actors.domain.discrepancy import Discrepancy, DiscrepancyKind, of_deal
from actors.domain.exposure import closes, moved, opens
from actors.domain.initial import find_initial
from actors.domain.ledger import Ledger, Merge, Sums
from actors.domain.past import Past
from actors.domain.plan import Anchor, LossRule, RuleKind
from actors.domain.progress import Day, Progress, RuleProgress
from actors.domain.reconciled import SKEW
from actors.domain.revision import Books, again, with_worst
from actors.domain.rule_day import RuleDay
from actors.domain.state import InitialBalance


def change_of(progress: Progress, before: Ledger, merged: Merge) -> Change | None:
    """What a delivery changes of the time that has been walked; None when nothing."""
    walked = _walked(progress)
    if walked is None:
        return None
    pairs = [(before.by_ticket[deal.ticket], deal) for deal in merged.changed]
    late = [pair for pair in pairs if min(pair[0].occurred_at, pair[1].occurred_at) <= walked.until]
    added = (deal for deal in merged.new if deal.occurred_at <= walked.until)
    change = Change(
        walked,
        (*added, *(after for _, after in late)),
        (*merged.gone, *(was for was, _ in late)),
    )
    return change if change.instants else None


def _walked(progress: Progress) -> Walked | None:
    until, day = progress.walked_to, progress.day
    initial, digits = progress.initial, progress.digits
    if until is None or day is None or initial is None or digits is None:
        return None
    return Walked(until, day, initial, digits)


def needs_past(progress: Progress, change: Change) -> bool:
    """True when rows or verdicts that have left memory are touched."""
    judged = any(own.breached_value is not None for own in progress.rules)
    return change.earliest < change.walked.day.start or judged


def amend(
    progress: Progress, walk: Walk, before: Ledger, merged: Merge, change: Change, past: Past
) -> Progress:
    """Progress as the ledger tells it now; ``before`` is the ledger without the delivery."""
    was, walked = progress, change.walked
    walked_to, day = walked.until, walked.day
    cause = _told(walk, before, merged, walked_to)
    base, initial = _initial_again(progress, walk, change)
    progress = evolve(progress, base=base, initial=initial)
    progress = booked(progress, walk.rules, walk.ledger.until(walked_to))
    progress = evolve(
        progress,
        open=_open_again(walk.ledger, walked_to),
        rules=_marks_again(progress, walk, change),
        phase=evolve(progress.phase, relook=True),
    )
    day, gained = _day_again(day, walk, walked_to)
    day = _boundary_again(day, before, walk, base, initial, cause)
    progress = evolve(progress, day=day, trading_days=progress.trading_days + gained)
    if change.earliest < day.start:
        progress = recounted(progress, walk, initial, day)
    books = Books(before, walk.ledger, change, base, initial)
    return _rows_again(was, progress, walk, books, past, cause)


def _open_again(ledger: Ledger, walked_to: datetime) -> dict[int, Decimal]:
    """What is open now. A close whose opening has not come yet is no position, as on the walk."""
    volumes: dict[int, Decimal] = {}
    for deal in ledger.between(None, walked_to):
        if deal.is_trade:
            moved(volumes, deal)
    return volumes


def _told(walk: Walk, before: Ledger, merged: Merge, walked_to: datetime) -> str:
    """Tell each late, changed or vanished deal; return the cause of the revisions.

    A deal within the clocks' skew of the last reading is late for nobody.
    """
    kinds = DiscrepancyKind
    found = [of_deal(kinds.DEAL_GONE, deal, None) for deal in merged.gone]
    for deal in merged.changed:
        found.append(of_deal(kinds.DEAL_CHANGED, before.by_ticket[deal.ticket], deal))
    for deal in merged.new:
        if deal.occurred_at < walked_to - SKEW:
            found.append(of_deal(kinds.DEAL_LATE, None, deal))
    for one in found:
        walk.out.note(one.kind.value)
        walk.out.contradict(one)
    return found[0].kind.value if found else kinds.DEAL_LATE.value


def _initial_again(progress: Progress, walk: Walk, change: Change) -> tuple[Sums, InitialBalance]:
    """A late deal at or before ``initial_at`` changes what the life started with."""
    walked, initial = change.walked, change.walked.initial
    if change.earliest > initial.initial_at:
        return progress.base, initial
    found = find_initial(walk.ledger, walk.life, walked.until, walked.digits)
    if found.initial is None or found.initial == initial:
        return found.base, initial
    walk.out.contradict(
        Discrepancy(
            DiscrepancyKind.INITIAL_BALANCE,
            "initial_balance",
            None,
            found.initial.initial_at,
            _initial_facts(initial),
            _initial_facts(found.initial),
        )
    )
    return found.base, found.initial


def _initial_facts(initial: InitialBalance) -> dict[str, object]:
    at = initial.initial_at.isoformat()
    return {"value": initial.value, "source": initial.source.value, "at": at}


def _marks_again(progress: Progress, walk: Walk, change: Change) -> tuple[RuleProgress, ...]:
    """High-water marks that rest on money which the books no longer show are only supposed."""
    marks = []
    for rule, own in zip(walk.rules, progress.rules, strict=True):
        fallen = min(shifted_change(rule, change.until(at)) for at in change.instants)
        rests = rule.anchor is not Anchor.EOD_HIGH or _before_today(progress, change)
        if own.sure_high is not None and fallen < 0 and rests:
            own = evolve(own, sure_high=own.sure_high + fallen)
        marks.append(own)
    return tuple(marks)


def _before_today(progress: Progress, change: Change) -> bool:
    return progress.day is not None and change.earliest < progress.day.start


def _day_again(day: Day, walk: Walk, walked_to: datetime) -> tuple[Day, int]:
    """Positions opened and closed on the present day, and trading days more (or less) by that."""
    volumes: dict[int, Decimal] = {}
    opened = closed = 0
    for deal in walk.ledger.between(None, walked_to):
        if deal.is_trade:
            was, now = moved(volumes, deal)
            if deal.occurred_at >= day.start:
                opened, closed = opened + opens(was, now), closed + closes(was, now)
    gained = int(opened > 0) - int(day.opened > 0)
    return evolve(day, opened=opened, closed=closed), gained


def _boundary_again(
    day: Day, before: Ledger, walk: Walk, base: Sums, initial: InitialBalance, cause: str
) -> Day:
    """The day with its boundary as the books tell it; the first day's is the initial balance."""
    if day.boundary.initial is not None:
        boundary = evolve(day.boundary, sums=base, initial=initial.value)
    else:
        boundary = boundary_again(day.boundary, before, walk.ledger)
    if boundary == day.boundary:
        return day
    return evolve(day, boundary=boundary, revision=day.revision + 1, cause=cause)


def _rows_again(
    was: Progress, progress: Progress, walk: Walk, books: Books, past: Past, cause: str
) -> Progress:
    """Revise the ended days, look at the present one's worst, and tell what is contradicted."""
    rules = {rule.rule_id: rule for rule in walk.rules}
    before = evolve(books, now=books.before, base=was.base, initial=books.change.walked.initial)
    ended = [row for row in past.rows if row.rule_id in rules and _is_ended(row, progress)]
    known = {(row.rule_id, row.date): row for row in (*ended, *rows(was, walk))}
    anew: dict[tuple[str, date], RuleDay] = {}
    for row in ended:
        key = (row.rule_id, row.date)
        told = again(rules[row.rule_id], row, books) if row.end_at > books.change.earliest else row
        if told != row:
            told = evolve(told, revision=row.revision + 1, cause=cause)
            walk.out.add_day(told)
        anew[key] = told
    plain = rows(progress, walk)
    rows_now = [
        with_worst(rules[row.rule_id], known.get((row.rule_id, row.date), row), row, books)
        for row in plain
    ]
    anew |= {(row.rule_id, row.date): row for row in rows_now}
    days = Days(known, anew)
    for one in unfounded(rules, past.breaches, days, before, books):
        walk.out.contradict(one)
    for one in missing(rules, _judged(rules, progress, past), days, books):
        walk.out.contradict(one)
    doubted = (now.unproven and not was.unproven for was, now in zip(plain, rows_now, strict=True))
    triples = zip(progress.rules, rows_now, doubted, strict=True)
    return evolve(progress, rules=tuple(_worst_again(*each) for each in triples))


def _is_ended(row: RuleDay, progress: Progress) -> bool:
    return progress.day is not None and row.start_at < progress.day.start


def _judged(
    rules: Mapping[str, LossRule], progress: Progress, past: Past
) -> frozenset[tuple[str, date | None]]:
    """Keys that have a stored breach: the rule's day, or for overall rules the rule alone."""
    today = None if progress.day is None else progress.day.date
    found = {(one.rule_id, one.rule_date) for one in past.breaches}
    for own in progress.rules:
        if today is not None and any(kept.startswith("breach:") for kept in own.recorded):
            found.add((own.rule_id, today))
    return frozenset(
        (rule_id, day if rules[rule_id].kind is RuleKind.DAILY_LOSS else None)
        for rule_id, day in found
        if rule_id in rules
    )


def _worst_again(own: RuleProgress, row: RuleDay, doubted: bool) -> RuleProgress:
    """The day's worst as the row tells it now; a worse one is the life's worst too."""
    lowest = own.worst if row.worst is None or own.worst is None else min(own.worst, row.worst)
    return evolve(
        own,
        day_worst=row.worst,
        day_used=row.worst_used,
        day_worst_at=row.worst_at,
        day_level=row.level,
        day_doubted=own.day_doubted or doubted,
        worst=lowest,
    )
