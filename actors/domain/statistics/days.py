"""The daily calendar: each rule day once, whatever number of rules looked at it (RULES 7 and 8)."""

from collections.abc import Iterable
from datetime import date, datetime

from attrs import evolve, frozen

from actors.domain.rule_day import Coverage, RuleDay


@frozen
class Day:
    """One rule day. Amounts in minor units.

    ``equity`` is the account's at the day's start as its anchors know it, None while pending or
    unknown; ``unproven`` when any rule's day is. ``has_trading``: a position was open, or opened
    or closed, on it.
    """

    date: date
    start_at: datetime
    end_at: datetime
    equity: int | None
    flows: int
    closed_result: int
    opened: int
    closed: int
    unproven: bool
    coverage: Coverage
    has_trading: bool


def calendar(rows: Iterable[RuleDay]) -> tuple[Day, ...]:
    """The days that ``rows`` tell (all rules, all revisions, any order), oldest first."""
    newest: dict[tuple[date, str], RuleDay] = {}
    for row in rows:
        key = (row.date, row.rule_id)
        if key not in newest or newest[key].revision <= row.revision:
            newest[key] = row
    days: dict[date, Day] = {}
    for (on, _), row in sorted(newest.items()):
        days[on] = _merged(days[on], row) if on in days else _day(row, is_first=not days)
    return tuple(days.values())


def _day(row: RuleDay, *, is_first: bool) -> Day:
    """A day by one rule's row. What nobody saw of the first day may lie before the account."""
    seen = row.coverage.reconstructed_seconds + row.coverage.sampled_seconds
    unseen = 0.0 if is_first else row.coverage.unknown_seconds
    return Day(
        date=row.date,
        start_at=row.start_at,
        end_at=row.end_at,
        equity=row.anchor_equity,
        flows=row.flows,
        closed_result=row.closed_result,
        opened=row.opened,
        closed=row.closed,
        unproven=row.unproven,
        coverage=row.coverage,
        has_trading=row.opened > 0 or row.closed > 0 or seen + unseen > 0,
    )


def _merged(day: Day, row: RuleDay) -> Day:
    equity = row.anchor_equity if day.equity is None else day.equity
    return evolve(day, equity=equity, unproven=day.unproven or row.unproven)
