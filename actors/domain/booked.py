"""Booking sums: worst values follow the flows, as every floor does (RULES 2).

A shifted floor moves by C(t), the flows since its start. Beside it a value seen before a flow says
nothing unless it moves by the same money: headroom and used then stay what they were.
"""

from collections.abc import Sequence

from actors.domain.drawdown import shift_since
from actors.domain.evolve import evolve
from actors.domain.ledger import Sums
from actors.domain.plan import LossRule
from actors.domain.progress import Progress, RuleProgress


def booked(progress: Progress, rules: Sequence[LossRule], sums: Sums) -> Progress:
    """The progress with these sums, its worst values on the scale of the floors that they give."""
    return evolve(progress, sums=sums, rules=lifted(progress, rules, sums))


def lifted(progress: Progress, rules: Sequence[LossRule], sums: Sums) -> tuple[RuleProgress, ...]:
    """The rules' progress, worst values on the scale that ``sums`` give; ``rules`` in its order."""
    was = progress.sums
    if (was.flows, was.credit) == (sums.flows, sums.credit):
        return progress.rules
    pairs = zip(rules, progress.rules, strict=True)
    return tuple(_lifted(own, shift_since(rule, was, sums)) for rule, own in pairs)


def _lifted(own: RuleProgress, shift: int) -> RuleProgress:
    if not shift:
        return own
    return evolve(own, day_worst=_plus(own.day_worst, shift), worst=_plus(own.worst, shift))


def _plus(value: int | None, shift: int) -> int | None:
    return None if value is None else value + shift
