"""The product's verdicts held against the oracle's, class by class.

Two oracles judge each account: one has every tick, the other has what the readings could show.
A breach that only the first sees was invisible to polling; all else must agree exactly.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from attrs import define, field, frozen

from actors.domain.rule_day import AnchorGrade, RuleDay
from actors.domain.violation import Verdict, Violation
from tests.simulation.oracle.path import as_rebuilt, as_sampled, every_tick
from tests.simulation.oracle.rules import Crossing, DayFacts, judge
from tests.simulation.world.market import msc
from tests.simulation.world.population import Inhabitant

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


@define(eq=False)
class Watched:
    """What the product said of one account: ``samples`` are the readings it took, ``firm`` its
    hard and soft rows as often as it gave them, ``rows`` each rule day's newest row, ``promises``
    (instant, seconds). ``rebuild``: it had the quotes between the readings.
    """

    who: Inhabitant
    samples: list[int] = field(factory=list)
    firm: list[Violation] = field(factory=list)
    possible: list[Violation] = field(factory=list)
    rows: dict[tuple[str, str], RuleDay] = field(factory=dict)
    promises: list[tuple[int, float]] = field(factory=list)
    broken: list[str] = field(factory=list)
    rebuild: bool = False

    def note(self, violation: Violation) -> None:
        """Keep a row with the firm or the possible ones; levels are not verdicts."""
        if violation.verdict in (Verdict.HARD, Verdict.SOFT):
            self.firm.append(violation)
        elif violation.verdict is Verdict.POSSIBLE:
            self.possible.append(violation)


@frozen(eq=False)
class _Oracles:
    ticks: dict[Key, Crossing]
    seen: dict[Key, Crossing]
    days: dict[tuple[str, str], DayFacts]


def compare(watched: Iterable[Watched]) -> Comparison:
    """Hold every account's verdicts against both oracles."""
    result = Comparison()
    for watch in watched:
        if watch.samples:
            _compare(watch, result)
        for broken in watch.broken:
            result.fail(Outcome.INVARIANT, f"account {watch.who.number}: {broken}")
    return result


def _compare(watch: Watched, result: Comparison) -> None:
    oracles = _oracles(watch)
    rows = _firm_rows(watch, result)
    hard = [msc(row.occurred_at) for row in watch.firm if row.verdict == "hard"]
    limit = min(hard, default=watch.samples[-1])
    for key in sorted({*rows, *oracles.ticks, *oracles.seen}, key=str):
        row, seen, tick = rows.get(key), oracles.seen.get(key), oracles.ticks.get(key)
        if watch.rebuild and _is_later(row, seen, limit):
            continue  # no quotes are read once the phase has ended
        _verdict(watch, result, limit, row, seen, tick)
    known_until = min(limit, watch.samples[-1]) if watch.rebuild else watch.samples[-1]
    for named, row_of_day in watch.rows.items():
        if msc(row_of_day.end_at) <= known_until:
            _day(watch, result, row_of_day, oracles.days.get(named))


def _is_later(row: Violation | None, seen: Crossing | None, limit: int) -> bool:
    """True when neither the product nor the oracle speaks of the time up to ``limit``."""
    return (row is None or msc(row.occurred_at) > limit) and (seen is None or seen.at > limit)


def _oracles(watch: Watched) -> _Oracles:
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


def _firm_rows(watch: Watched, result: Comparison) -> dict[Key, Violation]:
    rows: dict[Key, Violation] = {}
    for row in watch.firm:
        key = (row.rule_id, row.rule_date if row.rule_type == "daily_loss" else None)
        if key in rows:
            result.fail(Outcome.DUPLICATE, f"account {watch.who.number} {key}")
        rows.setdefault(key, row)
    return rows


def _verdict(
    watch: Watched,
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
    watch: Watched, result: Comparison, row: Violation, seen: Crossing, tick: Crossing | None
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


def _lateness(watch: Watched, since: int, late: int) -> Outcome:
    if late < TICK_MS:
        return Outcome.EXACT
    entry = bisect_right(watch.promises, since, key=lambda promise: promise[0]) - 1
    promise = watch.promises[max(0, entry)][1]
    return Outcome.LATE if late <= promise * 1000 + ROUND_TRIP_MS else Outcome.LATER_TOUCH


def _day(watch: Watched, result: Comparison, row: RuleDay, facts: DayFacts | None) -> None:
    """Anchor and lowest value of a closed rule day are those of the oracle."""
    if facts is None:
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
