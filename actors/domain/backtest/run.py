"""One run of the engine over a stored life: observations in, breaches and rule days out."""

from collections.abc import Iterable
from datetime import date, datetime

from attrs import define, evolve, field

from actors.domain import step as engine
from actors.domain.account_state import AccountState
from actors.domain.backtest.book import Book
from actors.domain.backtest.facts import Breach
from actors.domain.deals import History
from actors.domain.life import Life, StoredLife
from actors.domain.progress import encode
from actors.domain.rule_day import RuleDay
from actors.domain.snapshot import Observation
from actors.domain.state import Reading
from actors.domain.violation import Severity, Verdict, Violation


@define
class Run:
    """One run of the engine over a life, and what it has found so far."""

    life: Life
    book: Book
    state: AccountState | None = None
    fed_to: datetime | None = None
    found: tuple[Breach, ...] = ()
    days: dict[tuple[str, date], RuleDay] = field(factory=dict)

    def after(self, seen: Iterable[Observation], ends_at: datetime) -> "Run":
        """The run with these observations taken; this one stays as it was.

        Those before ``ends_at`` were seen some time before it, no one knows when.
        """
        run = evolve(self, days=dict(self.days))
        for one in seen:
            run.take(one, ends_at)
        return run

    @property
    def over_on(self) -> date | None:
        """The rule day on which the phase ended, None while it goes on."""
        ends = [one.date for one in self.found if one.verdict is Verdict.HARD]
        if self.state is not None and self.passed_at is not None:
            ends.append(self.state.clock.day_of(self.passed_at))
        return min(ends, default=None)

    @property
    def passed_at(self) -> datetime | None:
        """When every objective held."""
        return None if self.state is None else self.state.progress.phase.passed_at

    def take(self, seen: Observation, ends_at: datetime) -> None:
        """Step with an observation and the deals that came before it."""
        at = seen.observed_at
        state = self.state or engine.start(self.life, StoredLife(0, (), None), at)
        reading = Reading(seen, self.book.between(self.fed_to, at), History(0, stable=True))
        after, effects = engine.step(state, reading, at)
        if effects.needs_reload:
            known = StoredLife(0, self.book.between(None, at), encode(state.progress))
            after, effects = engine.step(engine.start(self.life, known, at), reading, at)
        self.state, self.fed_to = after, at
        self.found += tuple(
            _breach(one, at, ends_at)
            for one in effects.violations
            if one.severity is Severity.BREACH
        )
        for row in effects.rule_days:
            self.days[row.rule_id, row.date] = row


def _breach(found: Violation, seen_at: datetime, ends_at: datetime) -> Breach:
    blurred = found.occurred_at == seen_at != ends_at
    return Breach(
        rule_id=found.rule_id,
        rule_type=found.rule_type,
        date=found.rule_date,
        verdict=found.verdict,
        grade=found.grade,
        floor=found.threshold,
        value=found.current,
        at=ends_at if blurred else found.occurred_at,
        precise=not blurred,
    )
