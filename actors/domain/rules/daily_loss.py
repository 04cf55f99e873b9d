"""Daily loss: the floor hangs from an anchor taken anew at each reset (RULES 2 and 3).

A rule family is three functions: ``floor_of`` (where is the floor now), ``raised`` (a point's
values lift the high-water mark) and ``new_day`` (what a reset does). Copy the shape.
"""

from attrs import evolve

from actors.domain.anchor import UNPROVEN, Graded, at_day_end, awaits, taken_at_reset
from actors.domain.drawdown import Floor, Values, equity_of, floor_from, shift_since
from actors.domain.plan import Anchor, LossRule
from actors.domain.progress import Boundary, Progress, RuleProgress
from actors.domain.rule_day import AnchorGrade, Level


def floor_of(rule: LossRule, own: RuleProgress, progress: Progress) -> Floor | None:
    """The floor at the present point; None while the anchor is pending."""
    day, digits = progress.day, progress.digits
    if progress.initial is None or day is None or digits is None or awaits(rule, day.boundary):
        return None
    initial = progress.initial.value
    anchor = _anchor(rule, own, day.boundary, initial)
    return floor_from(rule, initial, digits, _shift(rule, progress), anchor)


def raised(rule: LossRule, own: RuleProgress, progress: Progress, values: Values) -> RuleProgress:
    """Anchor ``high`` follows the highest equity known since the reset."""
    equity = equity_of(rule, values)
    if rule.anchor is not Anchor.HIGH or equity is None:
        return own
    value = equity - _shift(rule, progress)
    return evolve(own, high=_max(own.high, value), sure_high=_max(own.sure_high, value))


def new_day(rule: LossRule, own: RuleProgress, progress: Progress) -> RuleProgress:
    """A reset opens the latch, forgets the day's worst, and raises end-of-day highs."""
    own = evolve(
        own,
        recorded=(),
        level=Level.OK,
        value=None,
        floor=None,
        day_worst=None,
        day_used=None,
        day_worst_at=None,
        day_level=Level.OK,
        day_doubted=False,
        breached_floor=None,
        breached_value=None,
    )
    if rule.anchor is Anchor.HIGH:
        return evolve(own, high=None, sure_high=None)
    return raised_at_day_end(rule, own, progress)


def raised_at_day_end(rule: LossRule, own: RuleProgress, progress: Progress) -> RuleProgress:
    """End-of-day highs, effective from the boundary that has just been passed."""
    if rule.anchor is not Anchor.EOD_HIGH or progress.day is None:
        return own
    boundary = progress.day.boundary
    if boundary.initial is not None or awaits(rule, boundary):
        return own
    ended = at_day_end(rule, boundary)
    shift = shift_since(rule, progress.base, boundary.sums)
    sure = own.sure_high
    if ended.sure is not None:
        sure = _max(sure, ended.sure - shift)
    return evolve(own, high=_max(own.high, ended.value - shift), sure_high=sure)


def _anchor(rule: LossRule, own: RuleProgress, boundary: Boundary, initial: int) -> Graded:
    if rule.anchor is Anchor.INITIAL:
        grade = AnchorGrade.EXACT if boundary.initial is None else AnchorGrade.FIRST_DAY
        return Graded(initial, initial, grade, "initial balance")
    if rule.anchor is Anchor.EOD_HIGH:
        return high_or_initial(own, initial)
    reset = taken_at_reset(rule, boundary)
    return _high_since(own, reset) if rule.anchor is Anchor.HIGH else reset


def high_or_initial(own: RuleProgress, initial: int) -> Graded:
    """max(initial, high-water mark): a trailing anchor is never under the initial balance."""
    value = _max(own.high, initial)
    sure = _max(own.sure_high, initial)
    grade = AnchorGrade.EXACT if value == sure else AnchorGrade.CARRIED
    return Graded(value, sure, grade, "high-water mark")


def _high_since(own: RuleProgress, reset: Graded) -> Graded:
    """The higher of the reset's equity and what was seen since; seen values are sure."""
    value = _max(own.high, reset.value)
    sure = own.sure_high if reset.sure is None else _max(own.sure_high, reset.sure)
    grade = reset.grade
    if value == sure and grade in UNPROVEN:
        grade = AnchorGrade.OBSERVED
    return Graded(value, sure, grade, reset.source)


def _shift(rule: LossRule, progress: Progress) -> int:
    """Flows since the anchor was taken: since the reset, or since initial_at for initial ones."""
    since_initial = rule.anchor in (Anchor.INITIAL, Anchor.EOD_HIGH)
    if since_initial or progress.day is None:
        return shift_since(rule, progress.base, progress.sums)
    return shift_since(rule, progress.day.boundary.sums, progress.sums)


def _max(known: int | None, value: int) -> int:
    return value if known is None else max(known, value)
