"""Revisions: what an ended rule day looks like once late facts of it are known (RULES 3).

Sums, openings and closings come exactly from the deals, anchors and worst values as far as deals
and what was seen then tell them. What nobody can tell any more is kept and marked unproven.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from attrs import evolve, frozen

from actors.domain.anchor import Graded
from actors.domain.change import Change, checked_change, shifted_change
from actors.domain.drawdown import (
    Floor,
    Measure,
    Values,
    checked_of,
    floor_from,
    measure,
    shift_since,
)
from actors.domain.exposure import closes, moved, opens
from actors.domain.ledger import Ledger, Sums, open_at
from actors.domain.plan import Anchor, Checked, Credit, LossRule, RuleKind
from actors.domain.rule_day import AnchorGrade, Coverage, Level, RuleDay
from actors.domain.state import InitialBalance

_RANK = {Level.OK: 0, Level.WARNING: 1, Level.CRITICAL: 2, Level.BREACH: 3}
_MOMENT = timedelta(microseconds=1)
_TRAILING = (Anchor.HIGH, Anchor.EOD_HIGH, Anchor.EQUITY_HIGH, Anchor.BALANCE_HIGH)


@frozen
class Books:
    """The books before and after a change, and what the life started with as it is known now."""

    before: Ledger
    now: Ledger
    change: Change
    base: Sums
    initial: InitialBalance

    def start(self, row: RuleDay) -> Sums:
        """Sums at the start of the day's results: the first day's is the initial balance."""
        return self.base if self.is_first(row) else self.now.before(row.start_at)

    def is_first(self, row: RuleDay) -> bool:
        """True for the day of the initial balance."""
        return row.start_at <= self.initial.initial_at < row.end_at

    def end(self, row: RuleDay) -> Sums:
        """Sums at the day's end, or where the path has come to on the present day."""
        return self._end(self.now, row)

    def then(self, rule: LossRule, row: RuleDay, value: int, at: datetime) -> int:
        """What a value of the known row was at its instant, before the flows that came after."""
        return value - shift_since(rule, self.before.until(at), self._end(self.before, row))

    def _end(self, ledger: Ledger, row: RuleDay) -> Sums:
        until = self.change.walked.until
        return ledger.before(row.end_at) if until >= row.end_at else ledger.until(until)

    def since(self, row: RuleDay) -> datetime:
        """From when on the day belongs to the life."""
        return max(row.start_at, self.initial.initial_at)

    def floor(self, rule: LossRule, row: RuleDay, sums: Sums) -> Floor | None:
        """The floor by the row's anchor at a point with these sums; None while it has none."""
        if row.anchor is None:
            return None
        since_initial = rule.kind is RuleKind.OVERALL_LOSS or rule.anchor in (
            Anchor.INITIAL,
            Anchor.EOD_HIGH,
        )
        start = self.base if since_initial else self.start(row)
        anchor = Graded(row.anchor, row.anchor, row.anchor_grade, row.anchor_source)
        shift = shift_since(rule, start, sums)
        return floor_from(rule, self.initial.value, self.change.walked.digits, shift, anchor)


def again(rule: LossRule, row: RuleDay, books: Books) -> RuleDay:
    """The row as the books tell it now; equal to ``row`` where nothing of it changed."""
    start, end = books.start(row), books.end(row)
    flows = end.flows - start.flows
    opened, closed = _counted(books.now, books.since(row), row.end_at)
    anew = evolve(
        _anchored(rule, row, books),
        flows=flows,
        closed_result=end.balance - start.balance - flows,
        opened=opened,
        closed=closed,
        coverage=_covered(row, books),
    )
    gap = rule.moves_with_prices and anew.coverage.unknown_seconds > 0
    if gap and row.level is not Level.BREACH:
        anew = evolve(anew, unproven=True)
    floor = books.floor(rule, anew, end)
    anew = evolve(
        anew,
        allowance=None if floor is None else floor.allowance,
        floor=None if floor is None else floor.floor,
    )
    return with_worst(rule, row, anew, books)


def with_worst(rule: LossRule, row: RuleDay, anew: RuleDay, books: Books) -> RuleDay:
    """``anew`` with the worst value and level, where ``row`` is the day as it was known."""
    if not _is_touched(rule, row, anew, books):
        return anew
    found = tuple(measures(rule, row, anew, books))
    if not found:
        return evolve(anew, unproven=anew.unproven or rule.anchor in _TRAILING)
    at, lowest = min(found, key=lambda one: (one[1].value, one[0]))
    level = max((_shown(one) for _, one in found), key=lambda one: _RANK[one])
    return evolve(
        anew,
        worst=lowest.value,
        worst_at=at,
        worst_used=max(one.used for _, one in found),
        level=Level.BREACH if row.level is Level.BREACH else level,
        unproven=anew.unproven or not _is_surely_worst(rule, row, books),
    )


def _shown(measured: Measure) -> Level:
    """A crossing found afterwards is no verdict: it shows as critical."""
    return Level.CRITICAL if measured.crossed else measured.level


def _counted(ledger: Ledger, start: datetime, end: datetime) -> tuple[int, int]:
    """Positions opened and closed in [start, end)."""
    volumes = open_at(ledger, start, inclusive=False)
    opened = closed = 0
    for deal in ledger.between(start - _MOMENT, end - _MOMENT):
        if deal.is_trade:
            was, now = moved(volumes, deal)
            opened, closed = opened + opens(was, now), closed + closes(was, now)
    return opened, closed


def _anchored(rule: LossRule, row: RuleDay, books: Books) -> RuleDay:
    """The row with the boundary's balance, equity and anchor as they are known now."""
    first_day = row.anchor_grade is AnchorGrade.FIRST_DAY
    shift = books.change.before(row.start_at)
    balance = books.start(row).balance
    credit = shift.credit if rule.credit is Credit.INCLUDED else 0
    anew = evolve(row, anchor_balance=balance)
    if row.anchor_equity is not None and not first_day:
        anew = evolve(anew, anchor_equity=row.anchor_equity + shift.balance + credit)
    if not first_day and _held_otherwise(row, books):
        anew = _with_unseen_positions(rule, anew, balance, books)
    if rule.anchor in _TRAILING:
        steps = books.change.steps(books.change.earliest, row.end_at)
        touched = any(shifted_change(rule, one) for one in steps)
        return evolve(anew, unproven=anew.unproven or touched)
    if first_day or rule.anchor is Anchor.INITIAL:
        return evolve(anew, anchor=books.initial.value)
    equity = balance if anew.anchor_equity is None else anew.anchor_equity
    by_choice = {Anchor.BALANCE: balance, Anchor.MAX_BALANCE_EQUITY: max(balance, equity)}
    return evolve(anew, anchor=by_choice.get(rule.anchor, equity))


def _held_otherwise(row: RuleDay, books: Books) -> bool:
    """True when other positions were open at the day's start than was known."""
    if not books.change.moves_positions:
        return False
    was = open_at(books.before, row.start_at, inclusive=False)
    return was != open_at(books.now, row.start_at, inclusive=False)


def _with_unseen_positions(rule: LossRule, row: RuleDay, balance: int, books: Books) -> RuleDay:
    """What was seen was of other positions: only a flat account's equity is known."""
    sums = books.now.before(row.start_at)
    credit = sums.credit if rule.credit is Credit.INCLUDED else 0
    flat = not open_at(books.now, row.start_at, inclusive=False)
    grade = AnchorGrade.EXACT if flat else AnchorGrade.BALANCE_ONLY
    hangs = rule.kind is RuleKind.DAILY_LOSS and rule.anchor in (
        Anchor.EQUITY,
        Anchor.MAX_BALANCE_EQUITY,
        Anchor.HIGH,
    )
    anew = evolve(row, anchor_equity=balance + credit)
    if not hangs:
        return anew
    return evolve(anew, anchor_grade=grade, anchor_source="deals", unproven=not flat)


def _covered(row: RuleDay, books: Books) -> Coverage:
    """Time that was flat and is not any more is unknown; time that is flat now is exact."""
    if not books.change.moves_positions:
        return row.coverage
    was = _flat_seconds(books.before, row.start_at, row.end_at)
    flat = _flat_seconds(books.now, row.start_at, row.end_at) - was
    kept = row.coverage
    if flat <= 0:
        lost = min(-flat, kept.flat_seconds)
        return evolve(
            kept,
            flat_seconds=kept.flat_seconds - lost,
            unknown_seconds=kept.unknown_seconds + lost,
        )
    names = ("unknown_seconds", "sampled_seconds", "reconstructed_seconds")
    for name in names:
        taken = min(flat, getattr(kept, name))
        flat -= taken
        kept = evolve(
            kept,
            flat_seconds=kept.flat_seconds + taken,
            **{name: getattr(kept, name) - taken},
        )
    return kept


def _flat_seconds(ledger: Ledger, start: datetime, end: datetime) -> float:
    volumes = open_at(ledger, start, inclusive=False)
    flat, since = timedelta(), start
    for deal in ledger.between(start - _MOMENT, end - _MOMENT):
        if not volumes:
            flat += deal.occurred_at - since
        since = deal.occurred_at
        if deal.is_trade:
            moved(volumes, deal)
    return (flat if volumes else flat + (end - since)).total_seconds()


def _is_touched(rule: LossRule, row: RuleDay, anew: RuleDay, books: Books) -> bool:
    if (row.floor, row.allowance, row.anchor) != (anew.floor, anew.allowance, anew.anchor):
        return True
    steps = books.change.steps(row.start_at, row.end_at)
    if any(checked_change(rule, one) or shifted_change(rule, one) for one in steps):
        return True
    within = any(row.start_at <= at < row.end_at for at in books.change.instants)
    return within and books.change.moves_positions


def _is_surely_worst(rule: LossRule, row: RuleDay, books: Books) -> bool:
    """True when no point of the day that is not remembered can have been worse.

    A balance changes at deals alone. Any other value was worst where it was seen, and still is if
    nowhere on the day the books fell more than there.
    """
    if rule.anchor in _TRAILING or row.worst_at is None:
        return False
    if rule.checked is Checked.BALANCE:
        return True
    steps = books.change.steps(row.start_at, row.end_at)
    fallen = min(checked_change(rule, one) for one in steps)
    return checked_change(rule, books.change.until(row.worst_at)) == fallen


def measures(
    rule: LossRule, row: RuleDay, anew: RuleDay, books: Books
) -> Iterator[tuple[datetime, Measure]]:
    """The worst value seen then, as the books tell it now, and each exact point: the day's start
    and after each deal; all on the scale of the floor at the day's end.

    ``row`` is the day as it was known, ``anew`` has its anchor as it is known now.
    """
    end = books.end(row)
    floor = books.floor(rule, anew, end)
    if floor is None:
        return
    if row.worst is not None and row.worst_at is not None:
        value = books.then(rule, row, row.worst, row.worst_at)
        value += checked_change(rule, books.change.until(row.worst_at))
        later = shift_since(rule, books.now.until(row.worst_at), end)
        yield row.worst_at, measure(rule, floor, value + later)
    until = min(
        row.end_at, books.change.walked.until + _MOMENT
    )  # later deals are judged in their turn
    points = _points(books.now, books.since(row), until)
    if books.is_first(row):
        next(points)  # before the deposits of that instant there was nothing
    for at, sums, volumes in points:
        equity = None if volumes else sums.balance
        value_then = checked_of(rule, Values(sums.balance, equity, sums.credit))
        if value_then is not None:
            yield at, measure(rule, floor, value_then + shift_since(rule, sums, end))


def _points(
    ledger: Ledger, start: datetime, end: datetime
) -> Iterator[tuple[datetime, Sums, dict[int, Decimal]]]:
    """Sums and open volumes at ``start`` and after all deals of each instant in [start, end)."""
    sums, volumes = ledger.before(start), open_at(ledger, start, inclusive=False)
    yield start, sums, volumes
    deals = ledger.between(start - _MOMENT, end - _MOMENT)
    for index, deal in enumerate(deals):
        sums = sums.plus((deal,))
        if deal.is_trade:
            moved(volumes, deal)
        if index + 1 == len(deals) or deals[index + 1].occurred_at != deal.occurred_at:
            yield deal.occurred_at, sums, volumes
