"""Anchors that wait for quotes: no verdict on them until then, and none lost (RULES 3).

While a boundary's floating is not known yet, what would have been judged is remembered. Once quotes
answered, or after 15 minutes at the latest, the anchor is written and all of it judged in order.
"""

from datetime import timedelta

from attrs import evolve

from actors.domain.anchor import awaits
from actors.domain.booked import booked
from actors.domain.context import Point, Walk
from actors.domain.drawdown import Values
from actors.domain.gap import path_between
from actors.domain.judgement import judge
from actors.domain.plan import Anchor, LossRule
from actors.domain.prices import utc_msc
from actors.domain.progress import Boundary, Day, Progress, Sight, Waited
from actors.domain.rules.daily_loss import raised_at_day_end
from actors.domain.violation import Grade

LONGEST = timedelta(minutes=15)


def is_worth_waiting(walk: Walk, boundary: Boundary, after: Sight) -> bool:
    """True when quotes were asked and did not answer, and there is still time for them."""
    unanswered = walk.prices is not None and not walk.prices.answered
    known = boundary.flat or boundary.rebuilt is not None
    if known or not unanswered or after.at - boundary.at >= LONGEST:
        return False
    return any(awaits(rule, evolve(boundary, awaiting=True)) for rule in walk.rules)


def noted(progress: Progress, point: Point, values: Values) -> Progress:
    """Remember what was judged while an anchor waits."""
    day = progress.day
    if day is None or not day.boundary.awaiting:
        return progress
    kept = Waited(
        point.at, values.balance, values.equity, values.credit, progress.sums, point.proven
    )
    return evolve(progress, day=evolve(day, waiting=(*day.waiting, kept)))


def settled(progress: Progress, walk: Walk, after: Sight, *, over: bool = False) -> Progress:
    """Write the anchors that waited, if they can be told by now or ``over`` is set."""
    day = progress.day
    if day is None or not day.boundary.awaiting or day.boundary.sight is None:
        return progress
    boundary, sight = day.boundary, day.boundary.sight
    deals = walk.ledger.between(sight.at, after.at)
    path = path_between(sight, after, walk, progress, deals)
    rebuilt = None
    if path is not None and path.grade is Grade.RECONSTRUCTED:
        rebuilt = path.floating_before(utc_msc(boundary.at))
    boundary = evolve(boundary, rebuilt=rebuilt)
    if not over and is_worth_waiting(walk, boundary, after):
        return progress
    return _judged(progress, walk, day, evolve(boundary, awaiting=False))


def _judged(progress: Progress, walk: Walk, day: Day, boundary: Boundary) -> Progress:
    """Judge in order, for the rules that waited alone, all that was remembered."""
    waited = tuple(rule for rule in walk.rules if awaits(rule, day.boundary))
    ids = {rule.rule_id for rule in waited}
    progress = evolve(progress, day=evolve(day, boundary=boundary, waiting=()))
    sums, all_rules = progress.sums, progress.rules
    own = tuple(
        raised_at_day_end(rule, evolve(each, high=None, sure_high=None), progress)
        if rule.anchor is Anchor.HIGH
        else raised_at_day_end(rule, each, progress)
        for rule, each in zip(walk.rules, all_rules, strict=True)
        if rule.rule_id in ids
    )
    alone = _only(walk, waited)
    progress = evolve(progress, rules=own)
    for one in day.waiting:
        point = Point(one.at, None, one.proven)
        values = Values(one.balance, one.equity, one.credit)
        then = booked(progress, waited, one.sums)
        progress = judge(then, alone, point, values, daily=True)
    progress = booked(progress, waited, sums)
    judged = {each.rule_id: each for each in progress.rules}
    rules = tuple(judged.get(each.rule_id, each) for each in all_rules)
    return evolve(progress, rules=rules)


def _only(walk: Walk, rules: tuple[LossRule, ...]) -> Walk:
    """The same walk with these rules alone; the plan's hash stays the plan's."""
    life = walk.life
    phases = list(life.plan.phases)
    phases[life.phase] = evolve(life.rules_phase, rules=rules)
    return evolve(walk, life=evolve(life, plan=evolve(life.plan, phases=tuple(phases))))
