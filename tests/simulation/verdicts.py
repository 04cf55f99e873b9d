"""The product's verdicts held against the oracle's, class by class.

Two oracles judge each account: one has every tick, the other has what the readings could show.
A breach that only the first sees was invisible to polling; all else must agree exactly.
"""

from bisect import bisect_right
from collections import Counter
from datetime import date
from enum import StrEnum

from attrs import define, field, frozen

from actors.domain.rule_day import AnchorGrade, RuleDay
from actors.domain.violation import Violation
from tests.simulation.fleet_run import FleetRun
from tests.simulation.oracle.path import Life, as_rebuilt, as_sampled, every_tick
from tests.simulation.oracle.resets import Resets
from tests.simulation.oracle.rules import Crossing, DayFacts, Rule, judge
from tests.simulation.watch import Watch
from tests.simulation.world.market import msc

TICK_MS = 1000
ROUND_TRIP_MS = 1000
_PROVEN = frozenset(
    {AnchorGrade.EXACT, AnchorGrade.OBSERVED, AnchorGrade.RECONSTRUCTED, AnchorGrade.FIRST_DAY}
)
_FIXED = frozenset({"equity", "balance", "max_balance_equity", "initial"})

Key = tuple[str, date | None]


class Outcome(StrEnum):
    """Classes of verdicts. The last five are failures."""

    EXACT = "exact match"
    LATE = "late, within the promise"
    LATER_TOUCH = "first touch between readings, a later one seen"
    INVISIBLE = "missed, invisible to the readings"
    ANCHOR_AGE = "by an observed anchor, not by the tick at the reset"
    MISSED = "missed although visible"
    FALSE = "false"
    WRONG = "wrong amount or instant"
    DUPLICATE = "duplicate"
    INVARIANT = "invariant broken"


FAILURES = (Outcome.MISSED, Outcome.FALSE, Outcome.WRONG, Outcome.DUPLICATE, Outcome.INVARIANT)


@define
class Comparison:
    """How many verdicts fell into each class, and each failure told in one line."""

    classes: "Counter[Outcome]" = field(factory=Counter)
    failures: list[str] = field(factory=list)
    lateness_ms: list[int] = field(factory=list)
    breaches: int = 0
    anchors: int = 0

    def fail(self, outcome: Outcome, text: str) -> None:
        """Count and tell a failure."""
        self.classes[outcome] += 1
        self.failures.append(f"{outcome}: {text}")


@frozen(eq=False)
class _Oracles:
    ticks: dict[Key, Crossing]
    seen: dict[Key, Crossing]
    days: dict[tuple[str, str], DayFacts]


def compare(run: FleetRun) -> Comparison:
    """Hold every watch of a run against both oracles."""
    result = Comparison()
    for watch in run.watches:
        if watch.samples:
            _compare(watch, result)
        for broken in watch.invariants.broken:
            result.fail(Outcome.INVARIANT, f"account {watch.who.number}: {broken}")
    return result


def _compare(watch: Watch, result: Comparison) -> None:
    oracles = _oracles(watch)
    rows = _firm_rows(watch, result)
    hard = [msc(row.occurred_at) for row in watch.firm if row.verdict == "hard"]
    limit = min(hard, default=watch.samples[-1])
    for key in sorted({*rows, *oracles.ticks, *oracles.seen}, key=str):
        row, seen, tick = rows.get(key), oracles.seen.get(key), oracles.ticks.get(key)
        _verdict(watch, result, limit, row, seen, tick)
    for named, row_of_day in watch.rows.items():
        _day(watch, result, row_of_day, oracles.days.get(named))


def _oracles(watch: Watch) -> _Oracles:
    who = watch.who
    resets = [int(at) for at in who.resets.at]
    ticks, firm_from = every_tick(who.truth, resets), watch.samples[0]
    as_known = as_rebuilt if watch.rebuild else as_sampled
    seen = as_known(who.truth, resets, watch.samples)
    days: dict[tuple[str, str], DayFacts] = {}
    found: tuple[dict[Key, Crossing], dict[Key, Crossing]] = ({}, {})
    for rule in who.firm.rules:
        for life, crossings in zip((ticks, seen), found, strict=True):
            judgement = judge(life, rule, who.resets, firm_from, watch.samples[-1])
            crossings |= {(c.rule_id, c.day): c for c in judgement.crossings}
            if life is seen:
                days |= {(d.rule_id, d.day.isoformat()): d for d in judgement.days}
    return _Oracles(*found, days)


def _firm_rows(watch: Watch, result: Comparison) -> dict[Key, Violation]:
    rows: dict[Key, Violation] = {}
    for row in watch.firm:
        key = (row.rule_id, row.rule_date if row.rule_type == "daily_loss" else None)
        if key in rows:
            result.fail(Outcome.DUPLICATE, f"account {watch.who.number} {key}")
        rows.setdefault(key, row)
    return rows


def _verdict(
    watch: Watch,
    result: Comparison,
    limit: int,
    row: Violation | None,
    seen: Crossing | None,
    tick: Crossing | None,
) -> None:
    who = f"account {watch.who.number} ({watch.who.firm.name})"
    if tick is not None and tick.at <= limit:
        result.breaches += 1
    if row is not None and seen is None:
        result.fail(Outcome.FALSE, f"{who} {_told(row)}; ticks {tick}")
    elif row is not None and seen is not None:
        _amounts(watch, result, row, seen, tick)
    elif seen is not None and seen.at <= limit:
        result.fail(Outcome.MISSED, f"{who} {seen}")
    elif tick is not None and tick.at <= limit:
        unseen = Outcome.ANCHOR_AGE if watch.rebuild else Outcome.INVISIBLE
        result.classes[unseen] += 1


def _amounts(
    watch: Watch, result: Comparison, row: Violation, seen: Crossing, tick: Crossing | None
) -> None:
    at = msc(row.occurred_at)
    close = abs(row.threshold - seen.floor) <= 1 and abs(row.current - seen.value) <= 1
    if at != seen.at or not close:
        result.fail(Outcome.WRONG, f"account {watch.who.number} {_told(row)}; oracle {seen}")
    elif tick is None or tick.at > at:
        result.classes[Outcome.ANCHOR_AGE] += 1
    else:
        late = at - tick.at
        outcome = _lateness(watch, tick.at, late)
        if watch.rebuild and outcome is not Outcome.EXACT:
            outcome = Outcome.ANCHOR_AGE
        result.lateness_ms.append(late)
        result.classes[outcome] += 1


def _lateness(watch: Watch, since: int, late: int) -> Outcome:
    if late < TICK_MS:
        return Outcome.EXACT
    entry = bisect_right(watch.promises, since, key=lambda promise: promise[0]) - 1
    promise = watch.promises[max(0, entry)][1]
    return Outcome.LATE if late <= promise * 1000 + ROUND_TRIP_MS else Outcome.LATER_TOUCH


def _day(watch: Watch, result: Comparison, row: RuleDay, facts: DayFacts | None) -> None:
    """Anchor and lowest value of a closed rule day are those of the oracle."""
    if msc(row.end_at) > watch.samples[-1] or facts is None:
        return
    name = f"account {watch.who.number} ({watch.who.firm.name}) {row.rule_id} {row.date}"
    rule = next(rule for rule in watch.who.firm.rules if rule.rule_id == row.rule_id)
    if rule.daily and rule.anchor in _FIXED:
        result.anchors += 1
        told, known = (row.anchor, row.anchor_grade in _PROVEN), (facts.anchor, facts.sure)
        if told != known:
            result.fail(Outcome.WRONG, f"{name}: anchor {told} {row.anchor_grade}, oracle {known}")
    if row.worst != facts.low:
        result.fail(Outcome.WRONG, f"{name}: lowest {row.worst}, oracle {facts.low}")


def _told(row: Violation) -> str:
    return (
        f"{row.rule_id} {row.rule_date} {row.verdict} at {msc(row.occurred_at)} "
        f"floor {row.threshold} value {row.current}"
    )


__all__ = ["FAILURES", "Comparison", "Life", "Outcome", "Resets", "Rule", "compare"]
