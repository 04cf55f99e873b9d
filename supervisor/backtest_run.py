"""A backtest: every stored life under a draft plan, by rule days where they suffice."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from attrs import define, field, frozen

from actors.domain.account import Outcome
from actors.domain.backtest.by_days import judged_by_days
from actors.domain.backtest.by_samples import Draft, judged_by_samples
from actors.domain.backtest.ending import happened
from actors.domain.backtest.facts import NotByDays, StoredHistory, Told, Way
from actors.domain.backtest.footing import Footing, footing
from actors.domain.plan import Plan
from storage.backtest_rows import BacktestRows, KeptLife

_DAYS_A_MONTH = 30


@frozen
class Asked:
    """What is asked: the draft, one phase of it for all lives (None: each life's own), and which
    rule days: lives that ended before ``since`` are left out, nothing after ``until`` is known.
    """

    draft: Plan
    phase: int | None = None
    since: date | None = None
    until: date | None = None


@frozen
class Answer:
    """One life under the draft, and what really happened. ``reason``: why not by rule days."""

    account_id: UUID
    life_id: UUID
    login: str
    digits: int
    way: Way
    told: Told
    real: Told
    reason: str | None = None

    @property
    def differs(self) -> bool:
        """True when the draft gives another outcome, or the same on another day."""
        told, real = self.told, self.real
        return (told.outcome, told.ended_on) != (real.outcome, real.ended_on)


@frozen
class Untold:
    """A life that cannot be judged, and why."""

    account_id: UUID
    life_id: UUID
    login: str
    reason: str


@define
class Backtest:
    """What a backtest has found so far. Of lives that go on as they did only counts are kept."""

    asked: Asked
    lives: int = 0
    days: int = 0
    unproven_days: int = 0
    ways: "Counter[Way]" = field(factory=Counter)
    reasons: "Counter[str]" = field(factory=Counter)
    untold: list[Untold] = field(factory=list)
    shown: list[Answer] = field(factory=list)

    def take(self, found: Answer | Untold) -> None:
        """Count one life, and keep it when it is worth showing."""
        self.lives += 1
        if isinstance(found, Untold):
            self.untold.append(found)
            return
        self.ways[found.way] += 1
        self.days += found.told.days
        self.unproven_days += found.told.unproven_days
        if found.reason is not None:
            self.reasons[found.reason] += 1
        ends = (found.told.ended_on, found.real.ended_on)
        since = self.asked.since
        if since is not None and all(end is not None and end < since for end in ends):
            return
        if found.told.outcome is not Outcome.RUNNING or found.told.others or found.differs:
            self.shown.append(found)

    @property
    def account_months(self) -> float:
        """Months of thirty rule days that were judged."""
        return self.days / _DAYS_A_MONTH

    @property
    def differs(self) -> bool:
        """True when the draft would have changed an outcome, or the day of one."""
        return any(answer.differs for answer in self.shown)


def answers(rows: BacktestRows, asked: Asked) -> Iterator[Answer | Untold]:
    """Every life of the snapshot under the draft, in order of its id."""
    footings: dict[tuple[str, int, int], Footing | NotByDays] = {}
    for kept in rows.lives():
        history, phase = kept.history, asked.phase
        if history is None:
            yield _untold(kept, kept.untold or "unknown")
            continue
        phase = history.life.phase if phase is None else phase
        if phase >= len(asked.draft.phases):
            yield _untold(kept, f"the draft has no phase {phase}")
            continue
        key = (history.life.plan.content_hash, history.life.phase, phase)
        if key not in footings:
            footings[key] = footing(asked.draft, phase, history.life.plan, history.life.phase)
        yield _answer(rows, kept, history, footings[key], Draft(asked.draft, phase), asked.until)


def _answer(
    rows: BacktestRows,
    kept: KeptLife,
    history: StoredHistory,
    stands_on: Footing | NotByDays,
    draft: Draft,
    until: date | None,
) -> Answer:
    way, reason = Way.RULE_DAYS, None
    told: Told | NotByDays = (
        stands_on
        if isinstance(stands_on, NotByDays)
        else (judged_by_days(history, stands_on, until))
    )
    if isinstance(told, NotByDays):
        way, reason = Way.SAMPLES, told.reason
        told = judged_by_samples(history, draft, rows.deals(kept), rows.buckets(kept), until)
    return Answer(
        kept.account_id, kept.life_id, kept.login, history.digits, way, told,
        happened(history, until), reason,
    )  # fmt: skip


def _untold(kept: KeptLife, reason: str) -> Untold:
    return Untold(kept.account_id, kept.life_id, kept.login, reason)
