"""A life judged by its deals and its stored curve, through the same engine as a live account.

Two runs of the engine go side by side. One takes what was surely seen; the other, begun where the
curve first leaves room for it, takes the order of values that gives the most. A crossing that only
the second sees lies between samples: it is possible, never hard.
"""

from collections.abc import Iterable
from datetime import date

from attrs import define, evolve, field, frozen

from actors.domain.account import InitialBalanceSource
from actors.domain.anchor import UNPROVEN
from actors.domain.backtest.book import Book
from actors.domain.backtest.ending import ended, firm_as
from actors.domain.backtest.facts import Breach, Bucket, StoredHistory, Told
from actors.domain.backtest.known import KnownSpans
from actors.domain.backtest.readings import Teller
from actors.domain.backtest.run import Run
from actors.domain.backtest.stretch import Dropped, Stretch, stretches
from actors.domain.deals import Deal
from actors.domain.life import Life
from actors.domain.plan import Anchor, ConductRule, Plan, RuleKind, RuleSeverity
from actors.domain.trading_day import RuleClock
from actors.domain.violation import Grade, Verdict

_MOVING = (Anchor.HIGH, Anchor.EQUITY_HIGH, Anchor.BALANCE_HIGH)


@frozen
class Draft:
    """A phase of a plan to be judged."""

    plan: Plan
    phase: int


def judged_by_samples(
    history: StoredHistory,
    draft: Draft,
    deals: Iterable[Deal],
    buckets: Iterable[Bucket],
    until: date | None = None,
) -> Told:
    """The life under the draft, up to and with rule day ``until``. ``buckets`` in order of time."""
    life, unseen = _life(history, draft)
    clock = RuleClock.of(life.plan.reset, life.server_clock)
    book = Book(tuple(deals))
    moving = any(rule.anchor in _MOVING for rule in life.rules_phase.rules)
    teller = Teller(book, history.currency, history.digits, moving)
    runs = _Runs(teller, KnownSpans.of(history.days), Run(life, book))
    for stretch in stretches(buckets, book, clock):
        day = clock.day_of(stretch.at)
        if until is not None and day > until:
            break
        if isinstance(stretch, Dropped):
            runs.dropped.add(day)
            continue
        runs.take(stretch)
        over = runs.sure.over_on
        if over is not None and day > over:
            break
    return _told(history, runs, unseen)


def _life(history: StoredHistory, draft: Draft) -> tuple[Life, tuple[ConductRule, ...]]:
    """The life under the draft, without the rules that need more than is stored of readings."""
    phases = list(draft.plan.phases)
    asked = phases[draft.phase]
    unseen = tuple(rule for rule in asked.conduct if rule.kind is RuleKind.STOP_LOSS_WITHIN)
    judged = tuple(rule for rule in asked.conduct if rule not in unseen)
    phases[draft.phase] = evolve(asked, conduct=judged)
    life = evolve(
        history.life,
        plan=evolve(draft.plan, phases=tuple(phases)),
        phase=draft.phase,
        proven_from=history.first_seen_at,
    )
    return life, unseen


@define
class _Runs:
    """Both runs; ``wide`` is None as long as it would be the same. ``dropped``: days on which a
    stored reading is not explained by the deals.
    """

    teller: Teller
    spans: KnownSpans
    sure: Run
    wide: Run | None = None
    dropped: set[date] = field(factory=set)

    def take(self, stretch: Stretch) -> None:
        """Take a stretch whole where even its extremes cross nothing, else bucket by bucket."""
        if len(stretch.buckets) == 1:
            self._one(stretch)
            return
        seen = self.teller.perhaps(stretch, still=False)
        sure = self.sure.after(seen, stretch.at)
        wide = None if self.wide is None else self.wide.after(seen, stretch.at)
        if _is_quiet(self.sure, sure) and _is_quiet(self.wide, wide):
            self.sure, self.wide = sure, wide
            return
        for part in stretch.parts():
            self._one(part)

    def _one(self, stretch: Stretch) -> None:
        still = stretch.reset is not None and self.spans.is_known(stretch.since, stretch.at)
        if self.wide is None and self.teller.differs(stretch):
            self.wide = self.sure
        self.sure = self.sure.after(self.teller.surely(stretch, still=still), stretch.at)
        if self.wide is not None:
            self.wide = self.wide.after(self.teller.perhaps(stretch, still=still), stretch.at)


def _is_quiet(before: Run | None, after: Run | None) -> bool:
    return before is None or after is None or len(before.found) == len(after.found)


def _told(history: StoredHistory, runs: _Runs, unseen: tuple[ConductRule, ...]) -> Told:
    run, phase = runs.sure, runs.sure.life.rules_phase
    severities = {rule.rule_id: rule.severity for rule in phase.rules}
    severities |= {rule.rule_id: rule.severity for rule in (*phase.conduct, *unseen)}
    known = history.life.rules_phase.conduct
    stored = {rule.rule_id for rule in unseen if rule in known}
    found = [*run.found, *(one for one in history.breaches if one.rule_id in stored)]
    keys = {(one.rule_id, one.date) for one in found}
    crossings = [_as_ruled(one, severities[one.rule_id]) for one in found]
    if runs.wide is not None:
        crossings += [
            evolve(one, verdict=Verdict.POSSIBLE, grade=Grade.UNKNOWN)
            for one in runs.wide.found
            if (one.rule_id, one.date) not in keys
        ]
    passed_on = None
    if run.state is not None and run.passed_at is not None:
        passed_on = run.state.clock.day_of(run.passed_at)
    told = ended((_graded(one, runs) for one in crossings), run.passed_at, passed_on)
    return evolve(
        told,
        days=len({day for _, day in run.days if told.ended_on is None or day <= told.ended_on}),
        unproven_days=len(_unproven(history, runs, told.ended_on)),
        unjudged=tuple(rule.rule_id for rule in unseen if rule.rule_id not in stored),
    )


def _as_ruled(breach: Breach, severity: RuleSeverity) -> Breach:
    return breach if breach.verdict is Verdict.POSSIBLE else firm_as(breach, severity)


def _graded(breach: Breach, runs: _Runs) -> Breach:
    """A stored curve holds what quotes told without saying so; the day's coverage says it."""
    row = runs.sure.days.get((breach.rule_id, breach.date))
    observed = breach.grade is Grade.OBSERVED and not breach.precise
    if row is None or not observed or not runs.spans.is_rebuilt(row.start_at, row.end_at):
        return breach
    return evolve(breach, grade=Grade.RECONSTRUCTED)


def _unproven(history: StoredHistory, runs: _Runs, last: date | None) -> set[date]:
    """Days up to the end on which "no breach" is not proven: by anchor, or by coverage.

    The coverage is what was stored of the life: between samples there are gaps that it had not.
    """
    initial = history.initial
    windowed = initial is not None and initial.source is InitialBalanceSource.WINDOW_START
    rules = runs.sure.life.rules_phase.rules if windowed else ()
    overall = {rule.rule_id for rule in rules if rule.kind is RuleKind.OVERALL_LOSS}
    return {
        day
        for (rule_id, day), row in runs.sure.days.items()
        if (last is None or day <= last)
        and (
            row.anchor_grade in UNPROVEN
            or rule_id in overall
            or day in runs.dropped
            or not runs.spans.is_known(row.start_at, row.end_at)
        )
    }
