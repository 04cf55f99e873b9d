"""Worst case: where each loss rule stands if every stop-loss is hit at its price (no slippage).

What a price step of a symbol is worth is told by its specification where one was read and the
profit is in the account's currency: exact. Else by the observation itself: a profit, known to half
a minor unit, over the distance from the opening price; the worse end of what that allows is taken.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from attrs import frozen

from actors.domain.account_state import AccountState
from actors.domain.drawdown import Values, checked_of
from actors.domain.plan import LossRule
from actors.domain.prices import SymbolSpec
from actors.domain.progress import Progress, RuleProgress
from actors.domain.rules.families import FAMILIES
from actors.domain.snapshot import Observation, OpenPosition, Side
from actors.domain.valuation import is_valued, leg_of, profit_of

Specs = Mapping[str, SymbolSpec | None]
"""Specifications by symbol, None where the bridge has none."""

_HALF = Fraction(1, 2)


class StopGrade(StrEnum):
    """How a worst case is known, best first; unbounded: a position has no stop-loss."""

    EXACT = "exact"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"
    UNBOUNDED = "unbounded"


_ORDER = tuple(StopGrade)


@frozen
class StopHit:
    """One position at its stop-loss: its profit there in minor units, None where unknown."""

    position_id: int
    profit: int | None
    grade: StopGrade


@frozen
class RuleAtStops:
    """A loss rule if every stop-loss is hit: its headroom in minor units, None where unknown."""

    rule: LossRule
    headroom: int | None


@frozen
class AllStops:
    """Every open position at its stop-loss, and every loss rule then. ``grade``: the worst one."""

    grade: StopGrade
    hits: tuple[StopHit, ...]
    rules: tuple[RuleAtStops, ...]


def all_stops(state: AccountState, specs: Specs) -> AllStops:
    """The account as last committed with every stop-loss hit."""
    progress, rules = state.progress, state.life.rules_phase.rules
    seen, last = progress.newest, progress.last
    nothing = tuple(RuleAtStops(rule, None) for rule in rules)
    if seen is None or last is None or seen.observed_at != last.at or not progress.rules:
        return AllStops(StopGrade.UNKNOWN, (), nothing)
    worths = _worths(seen.positions)
    hits = tuple(_hit(position, seen, worths, specs) for position in seen.positions)
    grade = max((hit.grade for hit in hits), key=_ORDER.index, default=StopGrade.EXACT)
    changes = _changes(seen, hits)
    if changes is None:
        return AllStops(grade, hits, nothing)
    pairs = zip(rules, progress.rules, strict=True)
    return AllStops(grade, hits, tuple(_rule(r, own, progress, seen, changes) for r, own in pairs))


def _changes(seen: Observation, hits: Iterable[StopHit]) -> tuple[int, int] | None:
    """What closing them all adds to the equity, and at most to the balance on the way (the winners
    first); None where one is not known.
    """
    equity = raised = 0
    for position, hit in zip(seen.positions, hits, strict=True):
        if hit.profit is None:
            return None
        equity += hit.profit - position.profit
        raised += max(0, hit.profit + position.swap)
    return equity, raised


def _rule(
    rule: LossRule,
    own: RuleProgress,
    progress: Progress,
    seen: Observation,
    changes: tuple[int, int],
) -> RuleAtStops:
    family, equity = FAMILIES[rule.kind], seen.equity - seen.credit
    peak = Values(seen.balance + changes[1], equity, seen.credit)
    floor = family.floor_of(rule, family.raised(rule, own, progress, peak), progress)
    after = equity + changes[0]
    value = checked_of(rule, Values(after, after, seen.credit))
    if floor is None or value is None:
        return RuleAtStops(rule, None)
    return RuleAtStops(rule, value - floor.floor)


def _hit(
    position: OpenPosition,
    seen: Observation,
    worths: Mapping[str, tuple[Fraction, Fraction]],
    specs: Specs,
) -> StopHit:
    stop = position.stop_loss
    if stop is None:
        return StopHit(position.position_id, None, StopGrade.UNBOUNDED)
    profit = _exactly(position, stop, seen, specs.get(position.symbol))
    grade = StopGrade.EXACT
    if profit is None:
        worth = worths.get(position.symbol)
        if worth is None:
            return StopHit(position.position_id, None, StopGrade.UNKNOWN)
        profit, grade = _at_least(_moved(position, stop), worth), StopGrade.ESTIMATED
    return StopHit(position.position_id, min(profit, position.profit), grade)


def _exactly(
    position: OpenPosition, stop: Decimal, seen: Observation, spec: SymbolSpec | None
) -> int | None:
    """Nothing is won or lost at the opening price; else by the specification, if it tells it."""
    if stop == position.open_price:
        return 0
    if spec is None or not is_valued(spec) or spec.profit_currency != seen.currency:
        return None
    leg = leg_of(
        spec,
        is_long=position.side is Side.BUY,
        volume=position.volume,
        price=Fraction(position.open_price),
        digits=seen.currency_digits,
    )
    points = int(stop.scaleb(spec.digits))
    return profit_of(leg, (points, points), None, None)


def _moved(position: OpenPosition, price: Decimal) -> Fraction:
    """The way from the opening price in the position's favour, times its volume."""
    way = Fraction(price - position.open_price) * Fraction(position.volume)
    return way if position.side is Side.BUY else -way


def _at_least(moved: Fraction, worth: tuple[Fraction, Fraction]) -> int:
    """The least that the move can bring, in whole minor units."""
    least = min(moved * worth[0], moved * worth[1])
    return least.numerator // least.denominator


def _worths(
    positions: Iterable[OpenPosition],
) -> dict[str, tuple[Fraction, Fraction]]:
    """Minor units that a move of 1.0 brings on one lot of each symbol: the least and the most.

    A profit is rounded to a minor unit, so each position allows a span; the spans of one symbol
    are narrowed to what all allow, or widened to all where they disagree (gains and losses are
    converted by different sides of a rate).
    """
    worths: dict[str, tuple[Fraction, Fraction]] = {}
    for position in positions:
        moved = _moved(position, position.current_price)
        if not moved:
            continue
        ends = sorted(((position.profit - _HALF) / moved, (position.profit + _HALF) / moved))
        low, high = worths.get(position.symbol, ends)
        common = max(low, ends[0]), min(high, ends[1])
        if common[0] > common[1]:
            common = min(low, ends[0]), max(high, ends[1])
        worths[position.symbol] = common
    return worths
