"""The product's verdicts held against the oracles', class by class."""

from collections.abc import Iterable

from actors.domain.rule_day import AnchorGrade, RuleDay
from actors.domain.violation import Violation
from tests.simulation.books import hold_books
from tests.simulation.classes import class_of_row, class_of_silence
from tests.simulation.conduct import hold_conduct
from tests.simulation.goals import hold_goals
from tests.simulation.oracle.rules import DayFacts
from tests.simulation.oracles import Key, Oracles
from tests.simulation.outcome import Comparison, Outcome
from tests.simulation.watched import Watched
from tests.simulation.world.market import msc

_PROVEN = frozenset(
    {AnchorGrade.EXACT, AnchorGrade.OBSERVED, AnchorGrade.RECONSTRUCTED, AnchorGrade.FIRST_DAY}
)
_FIXED = frozenset({"equity", "balance", "max_balance_equity", "initial"})


def compare(watched: Iterable[Watched]) -> Comparison:
    """Hold every account's verdicts against the oracles."""
    result = Comparison()
    for watch in watched:
        if watch.samples:
            _compare(watch, result)
        for broken in watch.broken:
            result.count(Outcome.INVARIANT, f"account {watch.who.number}: {broken}")
    return result


def _compare(watch: Watched, result: Comparison) -> None:
    rows = _firm_rows(watch, result)
    hard = [msc(row.occurred_at) for row in watch.firm if row.verdict == "hard"]
    limit = min(hard, default=watch.samples[-1])
    oracles = Oracles(watch, limit)
    for key in sorted({*rows, *oracles.ticks, *oracles.seen}, key=str):
        row = rows.get(key)
        if row is not None:
            _row(watch, oracles, result, key, row, limit)
        elif (outcome := class_of_silence(watch, oracles, key, limit)) is not None:
            result.count(outcome, f"{_name(watch)} {key}: {oracles.seen.get(key)}, {limit}")
    ticks = oracles.ticks.values()
    result.breaches += sum(crossing.at <= limit for crossing in ticks)
    hold_books(watch, oracles, result)
    hold_goals(watch, oracles, result)
    hold_conduct(watch, oracles, result)
    for named, row_of_day in watch.rows.items():
        if msc(row_of_day.end_at) <= watch.samples[-1]:
            _day(watch, result, row_of_day, oracles.days.get(named))


def _row(
    watch: Watched, oracles: Oracles, result: Comparison, key: Key, row: Violation, limit: int
) -> None:
    at = msc(row.occurred_at)
    outcome = class_of_row(watch, oracles, key, row, limit)
    seen, tick = oracles.seen.get(key), oracles.ticks.get(key)
    result.count(outcome, f"{_name(watch)} {_told(row)}; seen {seen}; ticks {tick}")
    if tick is not None and tick.at <= at <= limit:
        result.lateness_ms.append(at - tick.at)


def _firm_rows(watch: Watched, result: Comparison) -> dict[Key, Violation]:
    rows: dict[Key, Violation] = {}
    losses = {rule.rule_id for rule in watch.who.firm.rules}
    told = {rule.rule_id for rule in watch.who.firm.conduct}
    for row in watch.firm:
        if row.rule_id in told - losses:
            continue  # held against an oracle of its own
        key = (row.rule_id, row.rule_date if row.rule_type == "daily_loss" else None)
        if key in rows:
            result.count(Outcome.DUPLICATE, f"{_name(watch)} {key}")
        rows.setdefault(key, row)
    return rows


def _day(watch: Watched, result: Comparison, row: RuleDay, facts: DayFacts | None) -> None:
    """Anchor and lowest value of a closed rule day are those of the oracle."""
    if facts is None:
        return
    name = f"{_name(watch)} {row.rule_id} {row.date}"
    rule = next(rule for rule in watch.who.firm.rules if rule.rule_id == row.rule_id)
    if rule.daily and rule.anchor in _FIXED:
        result.anchors += 1
        told, known = (row.anchor, row.anchor_grade in _PROVEN), (facts.anchor, facts.sure)
        if told != known:
            result.count(Outcome.WRONG, f"{name}: anchor {told} {row.anchor_grade}, oracle {known}")
    lifted = row.unproven and bool(watch.who.amendments)  # a point nobody remembers may be worse
    if row.worst != facts.low and not lifted:
        result.count(Outcome.WRONG, f"{name}: lowest {row.worst}, oracle {facts.low}")


def _name(watch: Watched) -> str:
    return f"account {watch.who.number} ({watch.who.firm.name})"


def _told(row: Violation) -> str:
    return (
        f"{row.rule_id} {row.rule_date} {row.verdict} at {msc(row.occurred_at)} "
        f"floor {row.threshold} value {row.current}"
    )
