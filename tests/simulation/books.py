"""The product's rule days and discrepancies held against the books as they are at last."""

from collections import Counter
from datetime import date
from itertools import combinations

from actors.domain.discrepancy import DiscrepancyKind
from actors.domain.rule_day import RuleDay
from actors.domain.violation import Violation
from tests.simulation.oracle.amendments import Amendment, last_before
from tests.simulation.oracle.day_books import DayBooks, day_books
from tests.simulation.oracle.rules import broken_by, judge, stands_at
from tests.simulation.oracle.truth import Truth
from tests.simulation.oracles import Oracles
from tests.simulation.outcome import Comparison, Outcome
from tests.simulation.watched import Watched
from tests.simulation.world.market import msc
from tests.simulation.world.terminal import LONGEST_DELAY_MS

SKEW_MS = 2000
"""A deal that is late by less is late for nobody."""

_SOON_MS = 180_000
"""A reading and a second look after an amendment are over by then."""

_OF_DEALS = (DiscrepancyKind.DEAL_LATE, DiscrepancyKind.DEAL_CHANGED, DiscrepancyKind.DEAL_GONE)
_CAUSES = frozenset(str(kind) for kind in _OF_DEALS)

Told = tuple[DiscrepancyKind, str]


def hold_books(watch: Watched, oracles: Oracles, result: Comparison) -> None:
    """Ended days tell the last books; each amendment is told once; contradictions are true."""
    last = oracles.editions[-1].truth
    initial_at = oracles.lives.ticks.start
    for row in watch.rows.values():  # a day before the last first deposit is of no life
        if initial_at < msc(row.end_at) <= watch.samples[-1]:
            known = day_books(last, msc(row.start_at), msc(row.end_at), initial_at)
            _day(watch, row, known, result)
    _told(watch, result)
    _contradictions(watch, oracles, result)


def _day(watch: Watched, row: RuleDay, known: DayBooks, result: Comparison) -> None:
    told = DayBooks(row.flows, row.closed_result, row.opened, row.closed)
    name = f"account {watch.who.number} {row.rule_id} {row.date}"
    if told != known:
        result.count(Outcome.WRONG, f"{name}: {told}, oracle {known}")
    if any(_revises(watch, one, row) for one in watch.who.amendments):
        revised = row.revision > 0 and row.cause in _CAUSES
        outcome = Outcome.REVISED if revised else Outcome.MISSED
        result.count(outcome, f"{name}: revision {row.revision} by {row.cause}")


def _revises(watch: Watched, one: Amendment, row: RuleDay) -> bool:
    """Whether the day had ended and been told before the amendment of one of its deals."""
    within = msc(row.start_at) <= one.deal.at < msc(row.end_at)
    return within and _is_late(watch, one) is True and msc(row.end_at) <= _last(watch, one)


def _last(watch: Watched, one: Amendment) -> int:
    return last_before(watch.samples, one.shown_at)


def _is_late(watch: Watched, one: Amendment) -> bool | None:
    """Whether the product must tell it; None where it may."""
    since = _last(watch, one)
    if since < 0 or one.deal.at > since or one.shown_at > watch.samples[-1]:
        return False
    near = one.deal.at >= since - SKEW_MS or one.shown_at > watch.samples[-1] - _SOON_MS
    return None if near else True


def _told(watch: Watched, result: Comparison) -> None:
    told = Counter((one.kind, one.subject) for one in watch.discrepancies if one.kind in _OF_DEALS)
    for one in watch.who.amendments:
        key = _key(one)
        times, late = told.pop(key, 0), _is_late(watch, one)
        if times > 1:
            result.count(Outcome.DUPLICATE, f"account {watch.who.number}: {key} told {times} times")
        elif late is not None and times != late:
            outcome = Outcome.FALSE if times else Outcome.MISSED
            result.count(outcome, f"account {watch.who.number}: {key}, {one}")
        elif times:
            result.count(Outcome.TOLD, "")
    for key in told:
        if key[0] is DiscrepancyKind.DEAL_LATE and key[1] in _unawaited(watch.who.truth):
            continue
        result.count(Outcome.FALSE, f"account {watch.who.number}: {key} of no amendment")


def _unawaited(truth: Truth) -> set[str]:
    """Deals that no balance tells apart, so that they may rightly come after their time: credits,
    results of nothing, and two of the same amount while both were on their way to the history.
    """
    found = {str(deal.ticket) for deal in truth.deals if deal.kind == "credit" or not deal.amount}
    for one, other in combinations(truth.deals, 2):
        if one.amount == other.amount and abs(one.at - other.at) <= LONGEST_DELAY_MS:
            found |= {str(one.ticket), str(other.ticket)}
    return found


def _key(one: Amendment) -> Told:
    kinds = DiscrepancyKind
    kind = kinds.DEAL_CHANGED if one.was and one.now else kinds.DEAL_LATE
    return (kind if one.now else kinds.DEAL_GONE), str(one.deal.ticket)


def _contradictions(watch: Watched, oracles: Oracles, result: Comparison) -> None:
    """A stored verdict that the books deny is told, and nothing else is called unfounded."""
    unfounded = Counter(
        (one.subject, one.rule_date)
        for one in watch.discrepancies
        if one.kind is DiscrepancyKind.VERDICT_UNFOUNDED
    )
    for row in (row for row in watch.firm if row.rule_id in oracles.rules):
        told = unfounded.pop((row.rule_id, row.rule_date), 0)
        expected = _denied(oracles, row)
        name = f"account {watch.who.number} {row.rule_id} {row.rule_date} {msc(row.occurred_at)}"
        if expected is not None and told != len(expected):
            result.count(
                Outcome.FALSE if told > len(expected) else Outcome.MISSED,
                f"{name}: called unfounded {told} times, oracle {expected}",
            )
        else:
            result.classes[Outcome.CONTRADICTED] += told
    for key in unfounded:
        result.count(Outcome.FALSE, f"account {watch.who.number}: {key} has no verdict to deny")
    for one in watch.discrepancies:
        if one.kind is DiscrepancyKind.VERDICT_MISSING:
            crosses = _crosses_afterwards(oracles, one.subject, one.rule_date)
            outcome = Outcome.CONTRADICTED if crosses else Outcome.FALSE
            result.count(outcome, f"account {watch.who.number}: {one}")


def _denied(oracles: Oracles, row: Violation) -> list[int] | None:
    """The amendments after which the row would be no breach; None where several came after it."""
    at, rule = msc(row.occurred_at), oracles.rules[row.rule_id]
    later = [n for n, edition in enumerate(oracles.editions) if edition.since >= at]
    if len(later) > 1:
        return None
    found = []
    for n in later:
        stands = stands_at(oracles.every[n].seen, rule, oracles.resets, at)
        if stands is not None and not broken_by(rule, *stands):
            found.append(oracles.editions[n].since)
    return found


def _crosses_afterwards(oracles: Oracles, rule_id: str, day: date | None) -> bool:
    """Whether some later edition of the books shows a crossing of the time before it."""
    rule = oracles.rules[rule_id]
    for edition, lives in zip(oracles.editions[1:], oracles.every[1:], strict=True):
        judged = judge(lives.seen, rule, oracles.resets, 0, edition.since)
        if any(not rule.daily or one.day == day for one in judged.crossings):
            return True
    return False
