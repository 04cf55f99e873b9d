"""Reset preview: each floor at the next reset if the account stayed as it is (RULES 3, 7)."""

from datetime import datetime

from attrs import frozen

from actors.domain.account_state import AccountState
from actors.domain.drawdown import Floor, checked_of
from actors.domain.evolve import evolve
from actors.domain.loss_stands import LossStand, values_of
from actors.domain.money import to_decimal
from actors.domain.plan import LossRule
from actors.domain.progress import Boundary, Progress, RuleProgress
from actors.domain.rules.families import FAMILIES
from actors.domain.summary import NextReset


@frozen
class AtReset:
    """A loss rule just after the next reset, in minor units; None where it cannot be told."""

    rule: LossRule
    floor: Floor | None
    value: int | None

    @property
    def headroom(self) -> int | None:
        """Checked value - floor."""
        if self.floor is None or self.value is None:
            return None
        return self.value - self.floor.floor


def reset_after(state: AccountState, now: datetime) -> datetime:
    """The next reset; during the rule day under way its end, without asking the calendar."""
    day = state.progress.day
    if day is not None and day.start <= now < day.end:
        return day.end
    return state.clock.next_reset(now)


def at_reset(state: AccountState) -> tuple[AtReset, ...]:
    """Every loss rule of the phase after the next reset, with today's balance and positions."""
    progress, rules = state.progress, state.life.rules_phase.rules
    then = _at_boundary(progress)
    if then is None or not progress.rules:
        return tuple(AtReset(rule, None, None) for rule in rules)
    pairs = zip(rules, progress.rules, strict=True)
    return tuple(_rule_then(rule, own, then) for rule, own in pairs)


def next_reset(state: AccountState, daily: LossStand | None, at: datetime) -> NextReset:
    """The reset at ``at`` as the summary tells it, for its nearest daily rule."""
    then = None if daily is None else _at_boundary(state.progress)
    if daily is None or then is None or then.digits is None:
        return NextReset(at, None, None)
    told = _rule_then(daily.rule, daily.own, then)
    floor = None if told.floor is None else to_decimal(told.floor.floor, then.digits)
    headroom = None if told.headroom is None else to_decimal(told.headroom, then.digits)
    return NextReset(at, floor, headroom)


def _at_boundary(progress: Progress) -> Progress | None:
    """The same account on the other side of a reset: a boundary with what was seen last."""
    day, last = progress.day, progress.last
    if day is None or last is None:
        return None
    boundary = Boundary(
        day.boundary.at,
        progress.sums,
        flat=not last.positions,
        floating=last.floating,
        qualified=True,
        sight=evolve(last, at=day.boundary.at),
    )
    return evolve(progress, day=evolve(day, boundary=boundary))


def _rule_then(rule: LossRule, own: RuleProgress, then: Progress) -> AtReset:
    family, values = FAMILIES[rule.kind], values_of(then)
    floor = family.floor_of(rule, family.new_day(rule, own, then), then)
    return AtReset(rule, floor, None if values is None else checked_of(rule, values))
