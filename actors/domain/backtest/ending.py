"""How a life ends: which crossing, or the pass, came first (RULES 2: only the first is hard)."""

from collections.abc import Iterable
from datetime import date, datetime

from attrs import evolve

from actors.domain.account import Outcome
from actors.domain.backtest.facts import Breach, StoredHistory, Told
from actors.domain.plan import RuleSeverity
from actors.domain.trading_day import RuleClock
from actors.domain.violation import Verdict


def firm_as(breach: Breach, severity: RuleSeverity) -> Breach:
    """A firm crossing as the rule's severity has it, whatever ended before it."""
    verdict = Verdict.SOFT if severity is RuleSeverity.SOFT else Verdict.HARD
    return evolve(breach, verdict=verdict)


def ended(crossings: Iterable[Breach], passed_at: datetime | None, passed_on: date | None) -> Told:
    """The life's end by its crossings (hard, soft, possible) and the instant of its pass.

    A hard crossing of the very point of the pass comes first. Of several at one point the
    highest floor is told.
    """
    ordered = sorted(crossings, key=lambda breach: (breach.at, -breach.floor))
    breach = next((one for one in ordered if one.verdict is Verdict.HARD), None)
    if passed_at is not None and (breach is None or passed_at < breach.at):
        outcome, last, breach = Outcome.PASSED, passed_on, None
    elif breach is not None:
        outcome, last, passed_at = Outcome.BREACHED, breach.date, None
    else:
        outcome, last = Outcome.RUNNING, None
    others = tuple(
        one
        for one in ordered
        if one.verdict is not Verdict.HARD and (last is None or one.date <= last)
    )
    return Told(outcome, last, breach, passed_at, others)


def happened(history: StoredHistory, until: date | None = None) -> Told:
    """What the stored verdicts say of the life, up to and with rule day ``until``."""
    crossings = (one for one in history.breaches if until is None or one.date <= until)
    return ended(crossings, *stored_pass(history, until))


def stored_pass(
    history: StoredHistory, until: date | None
) -> tuple[datetime, date] | tuple[None, None]:
    """Instant and rule day of the stored pass; none where there is none up to ``until``."""
    if history.passed_at is None:
        return None, None
    life = history.life
    day = RuleClock.of(life.plan.reset, life.server_clock).day_of(history.passed_at)
    return (None, None) if until is not None and day > until else (history.passed_at, day)
