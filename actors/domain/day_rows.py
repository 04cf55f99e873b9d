"""Rule day rows: the record of each rule on each rule day (RULES 3 and 7)."""

from actors.domain.account import InitialBalanceSource
from actors.domain.anchor import UNPROVEN, equity_at
from actors.domain.context import Walk
from actors.domain.coverage import seconds
from actors.domain.drawdown import Floor
from actors.domain.plan import LossRule, RuleKind
from actors.domain.progress import Day, Progress, RuleProgress
from actors.domain.rule_day import AnchorGrade, Level, RuleDay
from actors.domain.rules.families import FAMILIES


def rows(progress: Progress, walk: Walk) -> tuple[RuleDay, ...]:
    """The rows of the day under way, one for each rule, in plan order."""
    day = progress.day
    if day is None:
        return ()
    return tuple(
        _row(rule, own, progress, day) for rule, own in zip(walk.rules, progress.rules, strict=True)
    )


def _row(rule: LossRule, own: RuleProgress, progress: Progress, day: Day) -> RuleDay:
    floor = FAMILIES[rule.kind].floor_of(rule, own, progress)
    start = day.boundary.sums
    flows = progress.sums.flows - start.flows
    return RuleDay(
        rule_id=rule.rule_id,
        date=day.date,
        revision=day.revision,
        start_at=day.start,
        end_at=day.end,
        anchor=None if floor is None else floor.anchor,
        anchor_balance=start.balance,
        anchor_equity=equity_at(day.boundary, rule).value,
        anchor_grade=AnchorGrade.PENDING if floor is None else floor.grade,
        anchor_source="" if floor is None else floor.source,
        allowance=None if floor is None else floor.allowance,
        floor=None if floor is None else floor.floor,
        worst=own.day_worst,
        worst_used=own.day_used,
        worst_at=own.day_worst_at,
        level=own.day_level,
        flows=flows,
        closed_result=progress.sums.balance - start.balance - flows,
        opened=day.opened,
        closed=day.closed,
        unproven=own.day_doubted or _unproven(rule, own, floor, progress, day),
        coverage=seconds(day.span),
        cause=day.cause,
    )


def _unproven(
    rule: LossRule, own: RuleProgress, floor: Floor | None, progress: Progress, day: Day
) -> bool:
    """True when the anchor is only supposed, and when "no breach" is: in a gap nobody knows what a
    value was that moves with prices (ADR 12).
    """
    if floor is None or floor.grade in UNPROVEN:
        return True
    if rule.moves_with_prices and day.span.unknown and own.day_level is not Level.BREACH:
        return True
    window = (
        progress.initial is not None
        and progress.initial.source is InitialBalanceSource.WINDOW_START
    )
    return window and rule.kind is RuleKind.OVERALL_LOSS
