"""Footing: do the rule days kept under one plan suffice to judge another (RULES 2)?

They do where every floor of the draft hangs from an anchor whose rule days are stored, so that
only the allowance differs: used = anchor + shift - checked does not depend on the allowance.
"""

from attrs import evolve, frozen

from actors.domain.backtest.facts import NotByDays
from actors.domain.plan import AllowanceOf, Anchor, LossRule, Phase, Plan

_TRAILING = (Anchor.EOD_HIGH, Anchor.EQUITY_HIGH, Anchor.BALANCE_HIGH)


@frozen
class Pair:
    """A loss rule of the draft, and the stored one whose rule days tell of it."""

    draft: LossRule
    stored: LossRule

    @property
    def same_floor(self) -> bool:
        """True when both are crossed at the same points: the stored verdicts are the answer."""
        draft, stored = self.draft, self.stored
        return (draft.allowance, draft.operator) == (stored.allowance, stored.operator)


@frozen
class Footing:
    """The phase of the draft, and its loss rules with the stored ones they stand on."""

    phase: Phase
    pairs: tuple[Pair, ...]


def footing(draft: Plan, phase: int, stored: Plan, stored_phase: int) -> Footing | NotByDays:
    """What a phase of the draft stands on in the rule days of a stored plan's phase."""
    if draft.reset != stored.reset:
        return NotByDays("another reset")
    asked, kept = draft.phases[phase], stored.phases[stored_phase]
    if any(rule not in kept.conduct for rule in asked.conduct):
        return NotByDays("another rule on conduct")
    if asked.objectives and set(asked.objectives) != set(kept.objectives):
        return NotByDays("other objectives")
    pairs: list[Pair] = []
    for rule in asked.rules:
        pair = _pair(rule, kept)
        if pair is None:
            return NotByDays(f"rule {rule.rule_id}: no stored floor hangs from the same anchor")
        pairs.append(pair)
    return Footing(asked, tuple(pairs))


def _pair(rule: LossRule, kept: Phase) -> Pair | None:
    alike = [Pair(rule, own) for own in kept.rules if _anchored_alike(rule, own)]
    same = [pair for pair in alike if pair.same_floor]
    movable = [pair for pair in alike if _is_movable(pair)]
    return next(iter([*same, *movable]), None)


def _anchored_alike(rule: LossRule, stored: LossRule) -> bool:
    """True when the two differ in name, allowance, operator, levels and severity at most."""
    return stored == evolve(
        rule,
        rule_id=stored.rule_id,
        allowance=stored.allowance,
        operator=stored.operator,
        warning=stored.warning,
        critical=stored.critical,
        severity=stored.severity,
    )


def _is_movable(pair: Pair) -> bool:
    """True when another allowance moves the stored floor by the same money all day."""
    draft = pair.draft
    if draft.lock is not None or draft.anchor is Anchor.HIGH:
        return False
    return draft.anchor not in _TRAILING or draft.allowance.of is not AllowanceOf.ANCHOR
