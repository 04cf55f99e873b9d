"""Contradictions: stored verdicts that late facts would not give, and ones that they would.

The stored ones stay, and none is made afterwards; both are told to a human (RULES 3). The facts of
an unfounded one are those of its instant, those of a missing one on the scale of the day's end.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from attrs import frozen

from actors.domain.change import checked_change
from actors.domain.discrepancy import Discrepancy, DiscrepancyKind
from actors.domain.drawdown import Measure, crosses
from actors.domain.past import Breach
from actors.domain.plan import LossRule, RuleKind
from actors.domain.revision import Books, measures
from actors.domain.rule_day import RuleDay

Rows = Mapping[tuple[str, date], RuleDay]


@frozen
class Days:
    """Rule days as they were known and as they are known now, by rule and date."""

    was: Rows
    now: Rows


def unfounded(
    rules: Mapping[str, LossRule], breaches: tuple[Breach, ...], days: Days, was: Books, now: Books
) -> Iterator[Discrepancy]:
    """Stored breaches that, with the change alone applied to them, would be none."""
    for breach in breaches:
        rule = rules[breach.rule_id]
        value = breach.current + checked_change(rule, now.change.until(breach.occurred_at))
        floor = breach.threshold + _floor_moved(rule, breach, days, was, now)
        if not crosses(rule, value, floor):
            yield Discrepancy(
                DiscrepancyKind.VERDICT_UNFOUNDED,
                breach.rule_id,
                breach.rule_date,
                breach.occurred_at,
                _facts(breach.threshold, breach.current, breach.verdict.value),
                _facts(floor, value, None),
            )


def _floor_moved(rule: LossRule, breach: Breach, days: Days, was: Books, now: Books) -> int:
    """By how much the floor of the breach's instant is another one now."""
    key = (breach.rule_id, breach.rule_date)
    before, after = days.was.get(key), days.now.get(key)
    if before is None or after is None:
        return 0
    old = was.floor(rule, before, was.now.until(breach.occurred_at))
    new = now.floor(rule, after, now.now.until(breach.occurred_at))
    return 0 if old is None or new is None else new.floor - old.floor


def missing(
    rules: Mapping[str, LossRule],
    judged: frozenset[tuple[str, date | None]],
    days: Days,
    now: Books,
) -> Iterator[Discrepancy]:
    """Crossings of changed rule days that no breach was stored for (``judged`` holds its keys)."""
    for key, row in days.now.items():
        rule = rules[row.rule_id]
        latch = (row.rule_id, row.date if rule.kind is RuleKind.DAILY_LOSS else None)
        known = days.was.get(key)
        if known is None or row == known or latch in judged:
            continue
        crossed = [(at, one) for at, one in measures(rule, known, row, now) if one.crossed]
        if not crossed:
            continue
        at, first = min(crossed, key=_instant)
        judged |= {latch}
        yield Discrepancy(
            DiscrepancyKind.VERDICT_MISSING,
            row.rule_id,
            row.date,
            at,
            _row_facts(known),
            _facts(first.value - first.headroom, first.value, None) | {"unproven": row.unproven},
        )


def _instant(crossed: tuple[datetime, Measure]) -> datetime:
    return crossed[0]


def _facts(floor: int, value: int, verdict: str | None) -> dict[str, Any]:
    return {"floor": floor, "value": value, "verdict": verdict}


def _row_facts(row: RuleDay) -> dict[str, Any] | None:
    if row.floor is None or row.worst is None:
        return None
    return _facts(row.floor, row.worst, None)
