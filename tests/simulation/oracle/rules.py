"""The oracle's loss rules: floors and crossings over whole paths at once, in integers."""

from datetime import date
from typing import Literal

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from tests.simulation.oracle.path import Edge, Life, Path
from tests.simulation.oracle.resets import Resets
from tests.simulation.oracle.truth import Ints

Bools = NDArray[np.bool_]
_FAR = 10**15


@frozen
class Rule:
    """A loss rule. ``share`` is (numerator, denominator) of the base, or ``money`` minor units.

    ``strict``: only under the floor counts. ``lock``: minor units above the initial balance.
    ``soft``: recorded, and trading goes on.
    """

    rule_id: str
    daily: bool
    anchor: Literal[
        "equity", "balance", "max_balance_equity", "initial", "high", "eod_high", "equity_high",
        "balance_high",
    ]  # fmt: skip
    share: tuple[int, int] = (0, 1)
    of: Literal["initial", "anchor", "fixed"] = "initial"
    money: int = 0
    checked: Literal["equity", "balance", "worst"] = "equity"
    strict: bool = False
    lock: int | None = None
    eod_of: Literal["balance", "equity", "worst"] = "balance"
    shift: bool = True
    credit: bool = False
    soft: bool = False


@frozen
class Crossing:
    """The first time that a rule was broken under one key: a rule day, or the life (day None)."""

    rule_id: str
    day: date | None
    at: int
    floor: int
    value: int


@frozen
class DayFacts:
    """One rule on one rule day: its anchor at the start, and the lowest checked value.

    A value before a flow counts with that flow, as the floor moves with it: ``low`` stands beside
    the floor of the day's end.
    ``sure`` is False where equity at the reset was needed and not seen.
    """

    rule_id: str
    day: date
    anchor: int
    sure: bool
    low: int | None


@frozen(eq=False)
class Judgement:
    """All that the oracle says of one life under one rule."""

    crossings: tuple[Crossing, ...]
    days: tuple[DayFacts, ...]


@frozen(eq=False)
class _Course:
    """A rule's columns along the path: checked value where known, floor, and the sure floor."""

    value: Ints
    known: Bools
    floor: Ints
    sure: Ints
    proven: Bools
    anchors: list[DayFacts] = field(factory=list)


def judge(
    life: Life,
    rule: Rule,
    resets: Resets,
    firm_from: int = 0,
    until: int = 1 << 60,
    only: Life | None = None,
) -> Judgement:
    """Find every first crossing; before ``firm_from`` and after ``until`` nothing is firm.

    ``only``: another view of the same life; values count where it has one too.
    """
    course = _course(life, rule, resets)
    path = life.path
    crossed = course.known & course.proven & _crosses(rule, course.value, course.floor)
    crossed &= _crosses(rule, course.value, course.sure)
    crossed &= (path.at >= firm_from) & (path.at > life.start) & (path.at <= until)
    if only is not None:
        shown = np.isin(path.at, only.path.at[only.path.known])
        if rule.checked != "equity":  # the balance is known at every deal
            shown |= _crosses(rule, path.balance, course.floor)
        crossed &= shown
    slices = _days(life, resets) if rule.daily else [(None, slice(0, len(path.at)))]
    found = [(day, _first(crossed, span)) for day, span in slices]
    columns = (path.at, course.floor, course.value)
    crossings = [
        Crossing(rule.rule_id, day, *(int(column[row]) for column in columns))
        for day, row in found
        if row is not None
    ]
    return Judgement(tuple(crossings), tuple(course.anchors))


def stands_at(life: Life, rule: Rule, resets: Resets, at: int) -> tuple[int, int] | None:
    """Checked value and floor at one instant of the path; None where it has no such point."""
    rows = np.flatnonzero(life.path.at == at)
    if not len(rows):
        return None
    course = _course(life, rule, resets)
    return int(course.value[rows[-1]]), int(course.floor[rows[-1]])


def broken_by(rule: Rule, value: int, floor: int) -> bool:
    """Whether a value is over the rule's line."""
    return value < floor if rule.strict else value <= floor


def _first(crossed: Bools, span: slice) -> int | None:
    part = crossed[span]
    if not part.any():
        return None
    return int(span.start) + int(part.argmax())


def _crosses(rule: Rule, value: Ints, floor: Ints) -> Bools:
    return np.asarray(value < floor if rule.strict else value <= floor)


def _days(life: Life, resets: Resets) -> list[tuple[date, slice]]:
    """The rule days that the path touches, each with its rows."""
    at = life.path.at
    first, last = resets.index(life.start), resets.index(int(at[-1]))
    edges = np.searchsorted(at, resets.at[first : last + 2])
    edges[0] = 0
    return [
        (resets.days[first + n], slice(int(edges[n]), int(edges[n + 1])))
        for n in range(last - first + 1)
    ]


def _course(life: Life, rule: Rule, resets: Resets) -> _Course:
    path = life.path
    value, known = _checked(path, rule)
    size = len(path.at)
    course = _Course(
        value, known, np.zeros(size, np.int64), np.zeros(size, np.int64), np.ones(size, bool)
    )
    edges = {edge.at: edge for edge in life.edges}
    marks = _Marks(life, rule)
    for day, span in _days(life, resets):
        edge = edges.get(int(resets.at[resets.days.index(day)]))
        anchor, sure, shift, proven = marks.day(edge, span)
        course.floor[span] = _floor(life, rule, anchor) + shift
        course.sure[span] = _floor(life, rule, sure) + shift
        course.proven[span] = proven
        counted = known[span] & (path.at[span] >= life.start)
        low = _low(value[span], shift, counted)
        start = int(anchor[0]) if len(anchor) else marks.opening
        seen = edge is None or rule.anchor in ("balance", "initial") or edge.sure is not None
        course.anchors.append(DayFacts(rule.rule_id, day, start, seen, low))
    return course


def _low(value: Ints, shift: Ints, counted: Bools) -> int | None:
    """The lowest counted value on the shifted scale, moved to the scale of the last row."""
    if not counted.any():
        return None
    return int((value - shift)[counted].min() + shift[-1])


def _checked(path: Path, rule: Rule) -> tuple[Ints, Bools]:
    equity = path.equity + path.credit if rule.credit else path.equity
    if rule.checked == "equity":
        return equity, path.known
    everywhere = np.ones(len(path.at), bool)
    if rule.checked == "balance":
        return path.balance, everywhere
    return np.where(path.known, np.minimum(path.balance, equity), path.balance), everywhere


def _floor(life: Life, rule: Rule, anchor: Ints) -> Ints:
    base = anchor if rule.of == "anchor" else np.full_like(anchor, life.initial)
    numerator, denominator = rule.share
    allowance = np.full_like(anchor, rule.money)
    if rule.of != "fixed":
        allowance = -((-base * numerator) // denominator)
    floor = anchor - allowance
    return floor if rule.lock is None else np.minimum(life.initial + rule.lock, floor)


class _Marks:
    """Anchors along the path on the shifted scale: day by day, with what is sure of them."""

    def __init__(self, life: Life, rule: Rule) -> None:
        self._life, self._rule = life, rule
        self.opening = life.initial
        self._high = self._sure_high = life.initial

    def day(self, edge: Edge | None, span: slice) -> tuple[Ints, Ints, Ints, Bools]:
        """Anchor, sure anchor and shift at each row of one day, and whether they are proven."""
        rule, path = self._rule, self._life.path
        since = self._life.base
        daily = rule.daily and rule.anchor not in ("initial", "eod_high")
        if edge is not None and daily:
            since = edge
        shift = self._shift(path.flows[span], path.credit[span], since)
        size = len(shift)
        if rule.anchor == "initial":
            return (
                _flat(self._life.initial, size),
                _flat(self._life.initial, size),
                shift,
                _yes(size),
            )
        if not daily:
            return (*self._trailing(edge, span, shift), shift, _yes(size))
        value, sure = self._taken(edge)
        if rule.anchor != "high":
            proven = sure is not None
            self.opening = value
            firm = value if sure is None else sure
            return _flat(value, size), _flat(firm, size), shift, np.full(size, proven)
        return (*self._high_of_day(value, sure, span, shift),)

    def _taken(self, edge: Edge | None) -> tuple[int, int | None]:
        """The anchor taken at a reset, and the least that it can have been."""
        if edge is None:
            return self._life.initial, self._life.initial
        more = edge.credit if self._rule.credit else 0
        value, sure = edge.value + more, None if edge.sure is None else edge.sure + more
        if self._rule.anchor == "balance":
            return edge.balance, edge.balance
        if self._rule.anchor == "max_balance_equity":
            return max(edge.balance, value), max(
                edge.balance, edge.balance if sure is None else sure
            )
        return value, sure

    def _high_of_day(
        self, value: int, sure: int | None, span: slice, shift: Ints
    ) -> tuple[Ints, Ints, Ints, Bools]:
        seen = self._seen_equity(span, shift)
        anchor = np.maximum(np.maximum.accumulate(seen), value) if len(seen) else seen
        if sure is not None:
            return anchor, np.maximum(np.maximum.accumulate(seen), sure), shift, _yes(len(seen))
        known = np.maximum.accumulate(self._life.path.known[span])
        return anchor, np.maximum.accumulate(seen), shift, known

    def _trailing(self, edge: Edge | None, span: slice, shift: Ints) -> tuple[Ints, Ints]:
        rule, path = self._rule, self._life.path
        if rule.anchor == "eod_high":
            if edge is not None:
                self._raise_at(edge)
            self.opening = self._high
            return _flat(self._high, len(shift)), _flat(self._sure_high, len(shift))
        if rule.anchor == "balance_high":
            seen = path.balance[span] - shift
        else:
            seen = self._seen_equity(span, shift)
        self.opening = self._high
        anchor = np.maximum(np.maximum.accumulate(seen), self._high) if len(seen) else seen
        if len(anchor):
            self._high = int(anchor[-1])
        return anchor, anchor

    def _raise_at(self, edge: Edge) -> None:
        more = edge.credit if self._rule.credit else 0
        value, sure = edge.value + more, None if edge.sure is None else edge.sure + more
        if self._rule.eod_of == "balance":
            value, sure = edge.balance, edge.balance
        elif self._rule.eod_of == "worst":
            value = min(edge.balance, value)
            sure = None if sure is None else min(edge.balance, sure)
        one = np.array([edge.flows]), np.array([edge.credit])
        moved = int(self._shift(*one, self._life.base)[0])
        self._high = max(self._high, value - moved)
        if sure is not None:
            self._sure_high = max(self._sure_high, sure - moved)

    def _seen_equity(self, span: slice, shift: Ints) -> Ints:
        path = self._life.path
        equity = path.equity[span] + path.credit[span] if self._rule.credit else path.equity[span]
        counted = path.known[span] & (path.at[span] > self._life.start)
        return np.where(counted, equity - shift, -_FAR)

    def _shift(self, flows: Ints, credit: Ints, since: Edge) -> Ints:
        if not self._rule.shift:
            return np.zeros(len(flows), np.int64)
        shift = flows - since.flows
        return shift + credit - since.credit if self._rule.credit else shift


def _flat(value: int, size: int) -> Ints:
    return np.full(size, value, dtype=np.int64)


def _yes(size: int) -> Bools:
    return np.ones(size, dtype=np.bool_)
