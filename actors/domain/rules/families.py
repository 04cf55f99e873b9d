"""Which functions a rule's kind names; adding a family means adding a row here."""

from collections.abc import Callable, Mapping

from attrs import frozen

from actors.domain.drawdown import Floor, Values
from actors.domain.plan import LossRule, RuleKind
from actors.domain.progress import Progress, RuleProgress
from actors.domain.rules import daily_loss, overall_loss


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
