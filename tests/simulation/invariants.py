"""What must hold at every step of every account, whatever the world does."""

from datetime import date

from attrs import define, field

from actors.domain.account import Tier
from actors.domain.account_state import AccountState
from actors.domain.plan import Anchor
from actors.domain.progress import Progress
from actors.domain.risk_tier import Schedule
from actors.domain.rule_day import AnchorGrade, RuleDay
from actors.domain.state import Effects
from actors.domain.violation import Verdict

LONGEST = {Tier.BREACH_RISK: 15.0, Tier.ACTIVE: 60.0, Tier.IDLE: 1800.0}
SHORTEST = 0.2
_MOVING = frozenset({Anchor.HIGH, Anchor.EQUITY_HIGH, Anchor.BALANCE_HIGH})


@define
class Invariants:
    """Checks one account's steps; ``broken`` names what did not hold, in order, once each."""

    broken: list[str] = field(factory=list)
    _anchors: dict[tuple[str, date, int], tuple[int | None, AnchorGrade]] = field(factory=dict)
    _firm: set[tuple[str, str]] = field(factory=set)

    def check(self, before: AccountState, after: AccountState, effects: Effects) -> None:
        """Hold one committed step against the last."""
        was, now = before.progress, after.progress
        self._cursor(was, now)
        self._latches(was, now)
        self._count(before, after, effects)
        for row in effects.rule_days:
            self._anchor(after, row)
        for violation in effects.violations:
            if violation.verdict in (Verdict.HARD, Verdict.SOFT):
                lasting = violation.rule_type in ("overall_loss", "lifetime")
                key = (violation.rule_id, "life" if lasting else violation.rule_date.isoformat())
                self._demand(key not in self._firm, f"second firm row of {key}")
                self._firm.add(key)

    def paced(self, pace: Schedule) -> None:
        """The interval lies within the tier's bounds and is never nothing."""
        longest = LONGEST[pace.tier]
        self._demand(
            0 < pace.interval_seconds <= longest,
            f"interval {pace.interval_seconds:.3f} s in tier {pace.tier}",
        )
        self._demand(pace.promise_seconds >= pace.interval_seconds, "an interval over its promise")

    def _cursor(self, was: Progress, now: Progress) -> None:
        if was.walked_to is not None:
            forward = now.walked_to is not None and now.walked_to >= was.walked_to
            self._demand(forward, "the cursor went back")
        if was.day is not None:
            self._demand(now.day is not None and now.day.date >= was.day.date, "a day came back")
        self._demand(now.complete or not was.complete, "a complete history became incomplete")

    def _latches(self, was: Progress, now: Progress) -> None:
        self._demand(now.breached or not was.breached, "a breach was undone")
        same_day = was.day is not None and now.day is not None and was.day.date == now.day.date
        for old, new in zip(was.rules, now.rules, strict=False):
            held, holds = set(old.recorded), set(new.recorded)
            daily = _is_daily(old.rule_id)
            if same_day or not daily:
                self._demand(held <= holds, f"latch of {old.rule_id} opened")

    def _count(self, before: AccountState, after: AccountState, effects: Effects) -> None:
        gained = after.ledger.count - before.ledger.count + len(effects.gone)
        self._demand(gained >= 0, "the ledger lost deals")
        new = sum(deal.ticket not in before.ledger.by_ticket for deal in effects.deals)
        self._demand(new == gained or effects.needs_reload, "a new deal was not stored")

    def _anchor(self, state: AccountState, row: RuleDay) -> None:
        rule = next(r for r in state.life.rules_phase.rules if r.rule_id == row.rule_id)
        if rule.anchor in _MOVING or row.anchor_grade is AnchorGrade.PENDING:
            return
        key, value = (row.rule_id, row.date, row.revision), (row.anchor, row.anchor_grade)
        known = self._anchors.setdefault(key, value)
        self._demand(known == value, f"anchor of {key} changed from {known} to {value}")

    def _demand(self, holds: bool, what: str) -> None:
        if not holds and what not in self.broken:
            self.broken.append(what)


def _is_daily(rule_id: str) -> bool:
    return rule_id.startswith("daily")
