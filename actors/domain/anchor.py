"""Daily anchors: what an account was worth at a reset, and how that is known (RULES 3)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from attrs import evolve, frozen

from actors.domain.ledger import Ledger, Sums, open_at
from actors.domain.plan import Anchor, Checked, Credit, LossRule
from actors.domain.progress import Boundary, Sight
from actors.domain.rule_day import AnchorGrade

UNPROVEN = frozenset(
    {AnchorGrade.INTERPOLATED, AnchorGrade.CARRIED, AnchorGrade.BALANCE_ONLY, AnchorGrade.PENDING}
)
"""Grades whose verdicts are only possible and whose day is unproven."""


@frozen
class Graded:
    """A value at a boundary. ``sure`` is the least it can have been, None when unknown."""

    value: int
    sure: int | None
    grade: AnchorGrade
    source: str


def boundary_of(
    at: datetime,
    sums: Sums,
    volumes: Mapping[int, Decimal],
    sight: Sight | None,
    ledger: Ledger,
) -> Boundary:
    """The account at boundary ``at``: ``sums`` and open ``volumes`` from the deals before it."""
    if not volumes:
        return Boundary(at, sums, flat=True)
    if sight is None:
        return Boundary(at, sums, flat=False)
    seen = {p.position_id: p for p in sight.positions}
    known = [seen[position_id] for position_id in volumes if position_id in seen]
    touched = {d.position_id for d in ledger.between(sight.at, at) if d.occurred_at < at}
    qualified = len(known) == len(volumes) and not any(
        p.position_id in touched or p.volume != abs(volumes[p.position_id]) for p in known
    )
    floating = sum(p.floating for p in known) if known else None
    if qualified and len(known) == len(seen):
        floating = sight.floating
    return Boundary(at, sums, flat=False, floating=floating, qualified=qualified, sight=sight)


def again(boundary: Boundary, ledger: Ledger) -> Boundary:
    """The same boundary as later known deals tell it."""
    if boundary.initial is not None:
        return boundary
    volumes = open_at(ledger, boundary.at, inclusive=False)
    return boundary_of(boundary.at, ledger.before(boundary.at), volumes, boundary.sight, ledger)


def equity_at(boundary: Boundary, rule: LossRule) -> Graded:
    """Equity at the boundary as the rule counts it, by the best source there is (RULES 3, 1-6)."""
    balance = boundary.sums.balance
    if rule.credit is Credit.INCLUDED:
        balance += boundary.sums.credit
    if boundary.flat:
        return Graded(balance, balance, AnchorGrade.EXACT, "deals")
    if boundary.floating is None or boundary.sight is None:
        return Graded(balance, None, AnchorGrade.BALANCE_ONLY, "deals")
    value = balance + boundary.floating
    age = boundary.at - boundary.sight.at
    source = f"observation {boundary.sight.at.isoformat()} age {age.total_seconds():.3f}s"
    if boundary.qualified and age <= rule.observed_max_age:
        return Graded(value, value, AnchorGrade.OBSERVED, source)
    return Graded(value, None, AnchorGrade.CARRIED, source)


def taken_at_reset(rule: LossRule, boundary: Boundary) -> Graded | None:
    """Anchors equity, balance, max(balance, equity) and the start of high; None while pending."""
    if boundary.pending:
        return None
    if boundary.initial is not None:
        return Graded(boundary.initial, boundary.initial, AnchorGrade.FIRST_DAY, "initial balance")
    balance = Graded(boundary.sums.balance, boundary.sums.balance, AnchorGrade.EXACT, "deals")
    if rule.anchor is Anchor.BALANCE:
        return balance
    equity = equity_at(boundary, rule)
    return max_of(balance, equity) if rule.anchor is Anchor.MAX_BALANCE_EQUITY else equity


def max_of(balance: Graded, equity: Graded) -> Graded:
    """max(balance, equity): never under the balance, which is exact."""
    sure = max(balance.value, equity.sure) if equity.sure is not None else balance.value
    return evolve(equity, value=max(balance.value, equity.value), sure=sure)


def at_day_end(rule: LossRule, boundary: Boundary) -> Graded:
    """What an end-of-day high is raised by: balance, equity, or the worse of both."""
    balance = Graded(boundary.sums.balance, boundary.sums.balance, AnchorGrade.EXACT, "deals")
    if rule.eod_of is Checked.BALANCE:
        return balance
    equity = equity_at(boundary, rule)
    if rule.eod_of is Checked.EQUITY or equity.value <= balance.value:
        return equity
    sure = None if equity.sure is None else min(equity.sure, balance.value)
    return evolve(equity, value=balance.value, sure=sure)
