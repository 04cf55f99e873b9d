"""Daily anchors: what an account was worth at a reset, and how that is known (RULES 3)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from attrs import evolve, frozen

from actors.domain.ledger import Ledger, Sums, open_at
from actors.domain.plan import Anchor, Checked, Credit, LossRule
from actors.domain.progress import Boundary, Sight
from actors.domain.rule_day import AnchorGrade
from actors.domain.valuation import even

_MICROSECOND = timedelta(microseconds=1)

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


def with_line(boundary: Boundary, after: Sight, ledger: Ledger) -> Boundary:
    """The boundary with its floating on the line from the sight before it to ``after``.

    Without one where a position open at the boundary was opened, closed or changed in volume
    between the two. Swap booked meanwhile is left out.
    """
    sight = boundary.sight
    if sight is None or not boundary.qualified:
        return boundary
    open_ids = set(open_at(ledger, boundary.at, inclusive=False))
    before = {p.position_id: p for p in sight.positions if p.position_id in open_ids}
    later = {p.position_id: p for p in after.positions}
    if any(p not in later or later[p].volume != was.volume for p, was in before.items()):
        return boundary
    start = sum(p.floating for p in before.values())
    moved = sum(later[p].floating - later[p].swap + was.swap for p, was in before.items()) - start
    part, whole = (end - sight.at for end in (boundary.at, after.at))
    return evolve(
        boundary, interpolated=start + even(moved * (part // _MICROSECOND), whole // _MICROSECOND)
    )


def again(boundary: Boundary, before: Ledger, ledger: Ledger) -> Boundary:
    """The same boundary as later known deals tell it; ``before`` is the ledger without them."""
    volumes = open_at(ledger, boundary.at, inclusive=False)
    sums = ledger.before(boundary.at)
    anew = boundary_of(boundary.at, sums, volumes, boundary.sight, ledger)
    if volumes != open_at(before, boundary.at, inclusive=False):
        return anew  # what quotes told was of other positions
    return evolve(
        anew,
        rebuilt=boundary.rebuilt,
        interpolated=boundary.interpolated,
        awaiting=boundary.awaiting,
    )


def awaits(rule: LossRule, boundary: Boundary) -> bool:
    """True when the rule's floor cannot be told before quotes have told the boundary's equity."""
    if not boundary.awaiting or boundary.flat or boundary.initial is not None:
        return False
    if rule.anchor is Anchor.EOD_HIGH:
        hangs = rule.eod_of is not Checked.BALANCE
    else:
        hangs = rule.anchor in (Anchor.EQUITY, Anchor.MAX_BALANCE_EQUITY, Anchor.HIGH)
    return hangs and not _is_observed(boundary, rule)


def _is_observed(boundary: Boundary, rule: LossRule) -> bool:
    sight = boundary.sight
    if sight is None or boundary.floating is None or not boundary.qualified:
        return False
    return boundary.at - sight.at <= rule.observed_max_age


def equity_at(boundary: Boundary, rule: LossRule) -> Graded:
    """Equity at the boundary as the rule counts it, by the best source there is (RULES 3, 1-6)."""
    balance, sight = boundary.sums.balance, boundary.sight
    if rule.credit is Credit.INCLUDED:
        balance += boundary.sums.credit
    if boundary.flat:
        return Graded(balance, balance, AnchorGrade.EXACT, "deals")
    if boundary.rebuilt is not None and not _is_observed(boundary, rule):
        value = balance + boundary.rebuilt
        return Graded(value, value, AnchorGrade.RECONSTRUCTED, "deals and quotes")
    if boundary.floating is None or sight is None:
        return Graded(balance, None, AnchorGrade.BALANCE_ONLY, "deals")
    age = (boundary.at - sight.at).total_seconds()
    source = f"observation {sight.at.isoformat()} age {age:.3f}s"
    value = balance + boundary.floating
    if _is_observed(boundary, rule):
        return Graded(value, value, AnchorGrade.OBSERVED, source)
    if boundary.interpolated is not None and rule.interpolated:
        value = balance + boundary.interpolated
        return Graded(value, None, AnchorGrade.INTERPOLATED, f"{source} and the one after")
    return Graded(value, None, AnchorGrade.CARRIED, source)


def taken_at_reset(rule: LossRule, boundary: Boundary) -> Graded:
    """Anchors equity, balance, max(balance, equity) and the start of high."""
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
