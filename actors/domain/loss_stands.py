"""The loss rules of a phase as they stand now: one look that all readers' figures share."""

from datetime import datetime
from fractions import Fraction

from attrs import frozen

from actors.domain.account_state import AccountState
from actors.domain.drawdown import Floor, Measure, Values, checked_of, measure
from actors.domain.plan import LossRule, RuleKind
from actors.domain.progress import Progress, RuleProgress
from actors.domain.rules.families import FAMILIES


@frozen
class LossStand:
    """One loss rule with its floor and measure now, None while they are unknown."""

    rule: LossRule
    own: RuleProgress
    floor: Floor | None
    measured: Measure | None

    @property
    def breached(self) -> bool:
        """Latched: the rule day for daily rules, the life for overall ones."""
        return self.own.breached_value is not None

    @property
    def is_daily(self) -> bool:
        """True for a rule whose floor is taken anew at each reset."""
        return self.rule.kind is RuleKind.DAILY_LOSS

    @property
    def worst_used(self) -> int | None:
        """The most that was used: on the rule day for daily rules, in the life for overall ones."""
        return self.own.day_used if self.is_daily else self.own.worst_used


Stands = tuple[LossStand, ...]
"""Every loss rule of the phase, in plan order."""


def loss_stands(state: AccountState, now: datetime) -> Stands:
    """Every loss rule at ``now``; a daily rule whose day is over stands nowhere yet.

    Neither does one while the broker's clock is in doubt, but for a breach that is latched.
    """
    progress, rules = state.progress, state.life.rules_phase.rules
    if not progress.rules:
        return tuple(LossStand(rule, RuleProgress(rule.rule_id), None, None) for rule in rules)
    over = progress.day is not None and now >= progress.day.end
    values = values_of(progress)
    return tuple(
        _stand(rule, own, progress, values, over=over)
        for rule, own in zip(rules, progress.rules, strict=True)
    )


def _stand(
    rule: LossRule, own: RuleProgress, progress: Progress, values: Values | None, *, over: bool
) -> LossStand:
    doubted = progress.clock_doubted and own.breached_value is None
    if (over or doubted) and rule.kind is RuleKind.DAILY_LOSS:
        return LossStand(rule, RuleProgress(rule.rule_id, worst=own.worst), None, None)
    floor = FAMILIES[rule.kind].floor_of(rule, own, progress)
    if floor is None or values is None:
        return LossStand(rule, own, floor, None)
    value = checked_of(rule, values)
    return LossStand(rule, own, floor, None if value is None else measure(rule, floor, value))


def values_of(progress: Progress) -> Values | None:
    """The account at the last reconciled observation, in minor units; None before one."""
    last = progress.last
    return None if last is None else Values(last.balance, last.equity - last.credit, last.credit)


def nearest(stands: Stands, kind: RuleKind) -> LossStand | None:
    """The rule of that kind with the least headroom / allowance."""
    known = [s for s in stands if s.rule.kind is kind and s.floor and s.measured]
    return min(known, key=_room) if len(known) > 1 else next(iter(known), None)


def _room(stand: LossStand) -> Fraction:
    if stand.floor is None or stand.measured is None or not stand.floor.allowance:
        return Fraction(0)  # nothing may be lost
    return Fraction(stand.measured.headroom, stand.floor.allowance)


def any_breached(stands: Stands, kind: RuleKind) -> bool:
    """True when a rule of that kind is latched."""
    return any(stand.breached for stand in stands if stand.rule.kind is kind)
