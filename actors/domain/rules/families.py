"""Which functions a rule's kind names; adding a family means adding a row here."""

from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from actors.domain.drawdown import Floor, Values
from actors.domain.plan import LossRule, RuleKind
from actors.domain.progress import Progress, RuleProgress
from actors.domain.rules import (
    consistency,
    daily_loss,
    inactivity,
    lifetime,
    max_lots,
    max_positions,
    minimum_holding_time,
    minimum_trading_days,
    overall_loss,
    profit_target,
    stop_loss_within,
    weekend_flat,
)
from actors.domain.rules.conduct import Conduct, Latch, When
from actors.domain.rules.objective import Goal


@frozen
class Family:
    """The three functions of a loss rule family."""

    floor_of: Callable[[LossRule, RuleProgress, Progress], Floor | None]
    raised: Callable[[LossRule, RuleProgress, Progress, Values], RuleProgress]
    new_day: Callable[[LossRule, RuleProgress, Progress], RuleProgress]


FAMILIES: Mapping[RuleKind, Family] = {
    RuleKind.DAILY_LOSS: Family(daily_loss.floor_of, daily_loss.raised, daily_loss.new_day),
    RuleKind.OVERALL_LOSS: Family(overall_loss.floor_of, overall_loss.raised, overall_loss.new_day),
}

_DEALS = frozenset({When.DEALS})

CONDUCT: Mapping[RuleKind, Conduct[Any]] = {
    RuleKind.MAX_LOTS: Conduct(
        max_lots.read, max_lots.document, max_lots.limit, _DEALS, max_lots.look
    ),
    RuleKind.MAX_POSITIONS: Conduct(
        max_positions.read, max_positions.document, max_positions.limit, _DEALS, max_positions.look
    ),
    RuleKind.STOP_LOSS_WITHIN: Conduct(
        stop_loss_within.read,
        stop_loss_within.document,
        stop_loss_within.limit,
        frozenset({When.READING}),
        stop_loss_within.look,
        again=stop_loss_within.again,
    ),
    RuleKind.MINIMUM_HOLDING_TIME: Conduct(
        minimum_holding_time.read,
        minimum_holding_time.document,
        minimum_holding_time.limit,
        _DEALS,
        minimum_holding_time.look,
        fades=True,
    ),
    RuleKind.WEEKEND_FLAT: Conduct(
        weekend_flat.read,
        weekend_flat.document,
        weekend_flat.limit,
        _DEALS,
        weekend_flat.look,
        weekend_flat.next_at,
        fades=True,
    ),
    RuleKind.INACTIVITY: Conduct(
        inactivity.read,
        inactivity.document,
        inactivity.limit,
        _DEALS,
        inactivity.look,
        inactivity.next_at,
        latch=Latch.RUN,
    ),
    RuleKind.LIFETIME: Conduct(
        lifetime.read,
        lifetime.document,
        lifetime.limit,
        _DEALS,
        lifetime.look,
        lifetime.next_at,
        latch=Latch.LIFE,
    ),
}

OBJECTIVES: Mapping[RuleKind, Goal[Any]] = {
    RuleKind.PROFIT_TARGET: Goal(
        profit_target.read, profit_target.document, profit_target.day_ended, profit_target.stand
    ),
    RuleKind.MINIMUM_TRADING_DAYS: Goal(
        minimum_trading_days.read,
        minimum_trading_days.document,
        minimum_trading_days.day_ended,
        minimum_trading_days.stand,
    ),
    RuleKind.CONSISTENCY: Goal(
        consistency.read, consistency.document, consistency.day_ended, consistency.stand
    ),
}
