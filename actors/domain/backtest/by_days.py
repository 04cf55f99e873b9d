"""A life judged by its rule days alone: a sum and a comparison for each rule and day.

Whatever rule days cannot tell for certain (the order of two crossings on one day, an anchor
revised in the middle of a day) is left to the samples. Beside a cash flow the worst value and its
floor are told on the scale of the day's end.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from attrs import evolve

from actors.domain.account import InitialBalanceSource
from actors.domain.anchor import UNPROVEN
from actors.domain.backtest.ending import ended, firm_as, stored_pass
from actors.domain.backtest.facts import Breach, DayFact, NotByDays, StoredHistory, Told
from actors.domain.backtest.footing import Footing
from actors.domain.drawdown import allowance_of
from actors.domain.plan import AllowanceOf, Anchor, LossRule, Operator, RuleKind, RuleSeverity
from actors.domain.violation import Grade, Verdict

_FIXED = (Anchor.EQUITY, Anchor.BALANCE, Anchor.INITIAL, Anchor.MAX_BALANCE_EQUITY)


class _Doubt(Exception):
    """Rule days do not tell; the text says why."""


def judged_by_days(
    history: StoredHistory, footing: Footing, until: date | None = None
) -> Told | NotByDays:
    """The life under the footing's phase, up to and with rule day ``until``."""
    initial = history.initial
    if initial is None or history.first_seen_at is None:
        return NotByDays("no initial balance yet")
    if initial.source is InitialBalanceSource.WINDOW_START:
        return NotByDays("the history starts in the middle of the life")
    days = _by_rule(history.days, until)
    try:
        crossings = tuple(_crossings(history, footing, days, initial.value, until))
        told = _ended(history, footing, crossings, until)
    except _Doubt as doubt:
        return NotByDays(str(doubt))
    judged = [
        fact
        for pair in footing.pairs
        for fact in days.get(pair.stored.rule_id, {}).values()
        if told.ended_on is None or fact.date <= told.ended_on
    ]
    unproven = {fact.date for fact in judged if fact.unproven or fact.unknown_seconds > 0}
    return evolve(told, days=len({fact.date for fact in judged}), unproven_days=len(unproven))


_Days = dict[str, dict[date, DayFact]]


def _by_rule(facts: Iterable[DayFact], until: date | None) -> _Days:
    """The newest revision by rule and day; without an anchor where revisions disagree on it."""
    found: _Days = {}
    for fact in facts:
        if until is not None and fact.date > until:
            continue
        own = found.setdefault(fact.rule_id, {})
        other = own.get(fact.date)
        if other is not None:
            same = (fact.anchor, fact.allowance) == (other.anchor, other.allowance)
            newest = fact if fact.revision > other.revision else other
            fact = newest if same else newest._replace(anchor=None)
        own[fact.date] = fact
    return found


def _crossings(
    history: StoredHistory, footing: Footing, days: _Days, initial: int, until: date | None
) -> Iterator[Breach]:
    """Every crossing of the phase's rules, firm ones by their rule's severity."""
    for pair in footing.pairs:
        own = days.get(pair.stored.rule_id, {})
        if pair.same_floor:
            found = _stored(history, pair.stored.rule_id, pair.draft.severity, until)
        else:
            found = _by_allowance(history, pair.draft, own, initial)
        for breach in _latched(pair.draft, found):
            yield evolve(breach, rule_id=pair.draft.rule_id)
    for rule in footing.phase.conduct:
        yield from _stored(history, rule.rule_id, rule.severity, until)


def _stored(
    history: StoredHistory, rule_id: str, severity: RuleSeverity, until: date | None
) -> Iterator[Breach]:
    for breach in history.breaches:
        if breach.rule_id == rule_id and (until is None or breach.date <= until):
            possible = breach.verdict is Verdict.POSSIBLE
            yield breach if possible else firm_as(breach, severity)


def _latched(rule: LossRule, found: Iterable[Breach]) -> Iterator[Breach]:
    """A rule on the whole life is crossed once, possibly and then for certain."""
    seen: set[bool] = set()
    for breach in sorted(found, key=lambda one: one.at):
        possible = breach.verdict is Verdict.POSSIBLE
        if rule.kind is RuleKind.OVERALL_LOSS and (possible in seen or False in seen):
            continue
        seen.add(possible)
        yield breach


def _by_allowance(
    history: StoredHistory, rule: LossRule, own: dict[date, DayFact], initial: int
) -> Iterator[Breach]:
    """Crossings of the stored floor moved by the difference of the allowances."""
    of_anchor = rule.allowance.of is AllowanceOf.ANCHOR
    fixed = None if of_anchor else allowance_of(rule, initial, 0, history.digits)
    strict = rule.operator is Operator.BELOW
    for day in own.values():
        used = day.worst_used
        if used is None:
            continue  # nothing was judged on that day
        if day.anchor is None:
            raise _Doubt(f"rule {rule.rule_id}: an anchor was revised within its day")
        allowance = fixed
        if allowance is None:
            allowance = allowance_of(rule, initial, day.anchor, history.digits)
        if used > allowance or (used == allowance and not strict):
            yield _crossing(history, rule, day, allowance, used)


def _crossing(
    history: StoredHistory, rule: LossRule, day: DayFact, allowance: int, used: int
) -> Breach:
    if day.worst is None or day.worst_at is None or rule.anchor not in _FIXED:
        raise _Doubt(f"rule {rule.rule_id}: crossed under a floor that moved within the day")
    sure = _is_sure(history, rule, day)
    found = Grade.RECONSTRUCTED if day.reconstructed_seconds else Grade.OBSERVED
    breach = Breach(
        rule_id=rule.rule_id,
        rule_type=rule.kind.value,
        date=day.date,
        verdict=Verdict.POSSIBLE,
        grade=found if sure else Grade.UNKNOWN,
        floor=day.worst + used - allowance,
        value=day.worst,
        at=day.worst_at,
        precise=False,
    )
    return firm_as(breach, rule.severity) if sure else breach


def _is_sure(history: StoredHistory, rule: LossRule, day: DayFact) -> bool:
    """True when the crossing is firm: a proven anchor, after the first observation."""
    if day.anchor_grade in UNPROVEN:
        if rule.anchor is Anchor.MAX_BALANCE_EQUITY:
            raise _Doubt(f"rule {rule.rule_id}: crossed from an unproven anchor")
        return False
    seen_at = history.first_seen_at
    if seen_at is None or day.end_at <= seen_at:
        return False
    if day.start_at < seen_at:
        raise _Doubt(f"rule {rule.rule_id}: crossed on the first day seen")
    return True


def _ended(
    history: StoredHistory,
    footing: Footing,
    crossings: tuple[Breach, ...],
    until: date | None,
) -> Told:
    """The end, if rule days tell what came first."""
    hard = [one for one in crossings if one.verdict is Verdict.HARD]
    first = min((one.date for one in hard), default=None)
    that_day = [one for one in hard if one.date == first]
    if len(that_day) > 1 and not all(one.precise for one in that_day):
        raise _Doubt("several rules were crossed on one day")
    if not footing.phase.objectives:
        return ended(crossings, None, None)
    passed_at, passed_on = stored_pass(history, until)
    if first is not None and passed_on == first and not that_day[0].precise:
        raise _Doubt("passed and crossed on one day")
    if passed_at is None:
        _watched_until(history, first)
    return ended(crossings, passed_at, passed_on)


def _watched_until(history: StoredHistory, first: date | None) -> None:
    """Once a stored breach ended the phase, nobody looked at its objectives any more."""
    stored = [one.date for one in history.breaches if one.verdict is Verdict.HARD]
    if stored and (first is None or first > min(stored)):
        raise _Doubt("the stored plan ended the phase earlier, the draft goes on")
