"""Overall loss: one floor for the whole life, static or trailing (RULES 2).

Same three functions as every loss family: ``floor_of``, ``raised``, ``new_day``.
"""

from attrs import evolve

from actors.domain.account import InitialBalanceSource
from actors.domain.anchor import Graded, awaits
from actors.domain.drawdown import Floor, Values, equity_of, floor_from, shift_since
from actors.domain.plan import Anchor, LossRule
from actors.domain.progress import Progress, RuleProgress
from actors.domain.rule_day import AnchorGrade, Level
from actors.domain.rules.daily_loss import high_or_initial, raised_at_day_end


def floor_of(rule: LossRule, own: RuleProgress, progress: Progress) -> Floor | None:
    """The floor at the present point; None before the initial balance is
    known, and while its end-of-day high waits for quotes.

    In a report window that starts mid-life the initial balance is not the life's: unproven.
    """
    day, digits = progress.day, progress.digits
    if progress.initial is None or day is None or digits is None or awaits(rule, day.boundary):
        return None
    initial = progress.initial.value
    if rule.anchor is Anchor.INITIAL:
        anchor = Graded(initial, initial, AnchorGrade.EXACT, "initial balance")
    else:
        anchor = high_or_initial(own, initial)
    shift = shift_since(rule, progress.base, progress.sums)
    provable = progress.initial.source is not InitialBalanceSource.WINDOW_START
    return floor_from(rule, initial, digits, shift, anchor, provable=provable)


def raised(rule: LossRule, own: RuleProgress, progress: Progress, values: Values) -> RuleProgress:
    """Trailing anchors follow the highest equity or closed balance known in the life."""
    value: int | None = None
    if rule.anchor is Anchor.EQUITY_HIGH:
        value = equity_of(rule, values)
    elif rule.anchor is Anchor.BALANCE_HIGH:
        value = values.balance
    if value is None:
        return own
    value -= shift_since(rule, progress.base, progress.sums)
    high = value if own.high is None else max(own.high, value)
    sure = value if own.sure_high is None else max(own.sure_high, value)
    return evolve(own, high=high, sure_high=sure)


def new_day(rule: LossRule, own: RuleProgress, progress: Progress) -> RuleProgress:
    """A reset forgets the day's worst and raises end-of-day highs; the latch stays shut."""
    own = evolve(
        own,
        day_worst=None,
        day_used=None,
        day_worst_at=None,
        day_level=Level.OK,
        day_doubted=False,
    )
    return raised_at_day_end(rule, own, progress)
