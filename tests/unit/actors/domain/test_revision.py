"""Rule days told anew: anchors of every kind, days that nobody saw, and what stays unproven."""

import pytest

from actors.domain.deals import Deal, DealType
from actors.domain.discrepancy import DiscrepancyKind
from actors.domain.plan import Plan
from actors.domain.prices import Prices
from actors.domain.rule_day import AnchorGrade, Level, RuleDay
from actors.domain.violation import Verdict
from tests.unit.actors.domain.histories import (
    DAILY,
    OVERALL,
    at,
    deal,
    opened,
    plan_of,
    rule,
    seen,
)
from tests.unit.actors.domain.histories import closed as closed_
from tests.unit.actors.domain.markets import look, points
from tests.unit.actors.domain.test_between_readings import BALANCE, BOTH, overnight
from tests.unit.actors.domain.test_late import FIRST, Terminal

OPEN = [*FIRST, opened(4, at("02 09:00:00"), 4)]


def daily(anchor: str, **terms: str) -> Plan:
    """One daily rule of 5 % with this anchor."""
    return plan_of(
        rule("d", "daily_loss", anchor=f'"{anchor}"', allowance="{ percent = 5 }", **terms)
    )


def fee(amount: int, when: str) -> Deal:
    """A charge that may come late."""
    return deal(9, at(when), amount, kind=DealType.CHARGE)


@pytest.mark.parametrize(
    ("anchor", "floating", "expected"),
    [
        ("equity", -2_000, 9_997_300),
        ("balance", -2_000, 9_999_300),
        ("max_balance_equity", -2_000, 9_999_300),
        ("max_balance_equity", 2_000, 10_001_300),
        ("initial", -2_000, 10_000_000),
    ],
)
def test_an_ended_days_anchor_moves_with_a_late_fee(
    anchor: str, floating: int, expected: int
) -> None:
    """What hangs from the account at the reset is 7 less; the initial balance is what it was."""
    told = Terminal(daily(anchor), list(OPEN))
    for when in ("02 21:59:30", "03 21:59:30", "04 08:00:00"):
        told.read(at(when), {4: floating})
    assert told.row("d", 3).revision == 0
    told.deals.append(fee(-700, "02 12:00:00"))
    told.read(at("04 08:00:02"), {4: floating})
    row = told.row("d", 3)
    assert (row.anchor, row.floor, row.flows) == (expected, expected - 500_000, 0)


def test_a_trailing_day_before_a_late_fee_is_untouched_and_later_ones_are_unproven() -> None:
    """Its high-water mark may rest on money that was not there; nothing is made up instead."""
    trailing = plan_of(
        rule("t", "overall_loss", anchor='"equity_high"', allowance="{ percent = 5 }",
             cash_flow='"shift"')
    )  # fmt: skip
    told = Terminal(trailing, list(FIRST)).days_until(6)
    told.deals.append(fee(-700, "04 12:00:00"))
    told.twice(at("06 09:00:00"))
    rows = {day: told.row("t", day) for day in (3, 4, 5)}
    assert {day: (row.revision, row.unproven) for day, row in rows.items()} == {
        3: (0, False),
        4: (1, True),
        5: (1, True),
    }
    assert {row.anchor for row in rows.values()} == {10_000_000}


def unseen_day(result: int) -> tuple[Terminal, RuleDay]:
    """A long that nobody looked at for days turns out to have been closed on the 4th at noon."""
    told = Terminal(daily("balance", levels="{ warning = 0.1, critical = 0.2 }"), list(OPEN))
    told.read(at("02 10:00:00"), {4: 0})
    told.read(at("06 08:00:00"), {4: 0})
    known = told.row("d", 4)
    told.deals.append(closed_(8, at("04 12:00:00"), 4, result))
    told.read(at("06 09:00:00"))
    return told, known


def test_the_worst_of_a_day_that_nobody_saw_stays_unproven() -> None:
    """It is known from the close on; what was before that nobody can tell."""
    told, known = unseen_day(-30_000)
    assert (known.worst, known.unproven) == (None, True)
    row = told.row("d", 4)
    assert (row.worst, row.worst_at, row.closed_result) == (
        9_970_000,
        at("04 12:00:00"),
        -30_000,
    )
    assert row.unproven


@pytest.mark.parametrize(("result", "missed"), [(-499_999, False), (-500_000, True)])
def test_a_crossing_on_a_day_that_nobody_saw_has_nothing_before_it(
    result: int, missed: bool
) -> None:
    """From the floor on it would have been a breach; no earlier value is made up for it."""
    told, _ = unseen_day(result)
    found = [d for d in told.kept.discrepancies if d.kind is DiscrepancyKind.VERDICT_MISSING]
    told_of = [(d.before, d.after and d.after["value"]) for d in found if d.rule_date]
    assert told_of == ([(None, 9_500_000)] if missed else [])
    assert told.row("d", 4).level is Level.CRITICAL


def test_a_late_fee_leaves_an_anchor_waiting() -> None:
    """While quotes are awaited the day has no floor, so the fee neither makes nor denies one."""
    account = overnight(DAILY, "02 21:57:00")
    silent = Prices(answered=False)
    account.see(look(at("02 22:00:10"), BALANCE, points(-600_000), BOTH), silent)
    account.deals = [*account.deals, fee(-700, "02 21:50:00")]
    effects = account.see(look(at("02 22:00:20"), BALANCE - 700, points(0), BOTH), silent)
    assert effects.violations == ()
    assert [one.kind for one in effects.discrepancies] == [DiscrepancyKind.DEAL_LATE]
    day = account.state.progress.day
    assert day is not None
    assert (day.boundary.awaiting, day.boundary.sums.balance) == (True, BALANCE - 700)
    assert account.state.progress.rules[0].floor is None


@pytest.mark.parametrize("when", ["01 12:00:00", "02 05:00:00"])
@pytest.mark.parametrize("cash_flow", ["shift", "keep"])
def test_an_earlier_deposit_makes_the_first_day_begin_with_more(when: str, cash_flow: str) -> None:
    """It came late, but belongs to the initial balance: anchor and floor hang from all of it."""
    told = Terminal(daily("equity", cash_flow=f'"{cash_flow}"'), list(FIRST))
    told.read(at("02 08:00:00"))
    assert told.row("d", 2).floor == 9_500_000
    told.deals.append(deal(9, at(when), 500_000))
    effects = told.twice(at("02 09:00:00"))
    row = told.row("d", 2)
    assert (row.anchor, row.floor, row.flows) == (10_500_000, 9_975_000, 0)
    assert (row.anchor_grade, row.cause) == (AnchorGrade.FIRST_DAY, "deal_late")
    assert effects.violations == ()
    kinds = {one.kind for one in told.kept.discrepancies}
    assert kinds == {DiscrepancyKind.DEAL_LATE, DiscrepancyKind.INITIAL_BALANCE}


def test_a_possible_breach_of_a_day_that_was_not_walked_yet_stays() -> None:
    """Seen in an unexplained reading after the reset; the fee that explains it denies nothing."""
    told = Terminal(plan_of(OVERALL), list(OPEN))
    for when in ("02 21:59:00", "03 21:59:00"):
        told.read(at(when), {4: 0})
    for when in ("03 22:00:10", "03 22:01:10"):
        told.told(seen(at(when), 9_999_300, {4: -1_200_000}))
    assert [(v.verdict, v.rule_date.day) for v in told.kept.violations] == [(Verdict.POSSIBLE, 4)]
    told.deals.append(fee(-700, "02 12:00:00"))
    effects = told.told(seen(at("03 22:01:12"), told.balance, {4: -1_200_000}))
    assert DiscrepancyKind.VERDICT_UNFOUNDED not in {d.kind for d in effects.discrepancies}
    assert [v.verdict for v in effects.violations if v.severity == "breach"] == [Verdict.HARD]


def test_a_late_credit_before_the_start_leaves_the_initial_balance() -> None:
    """It belongs to the sums that the life began with, and is no discrepancy of the start."""
    told = Terminal(daily("equity", credit='"included"'), list(FIRST))
    told.read(at("02 08:00:00"))
    told.deals.append(deal(9, at("02 05:00:00"), 300_000, kind=DealType.CREDIT))
    told.told(seen(at("02 09:00:00"), told.balance, credit=300_000))
    assert [d.kind for d in told.kept.discrepancies] == [DiscrepancyKind.DEAL_LATE]
    progress = told.kept.state.progress
    assert (progress.base.credit, progress.base.balance) == (300_000, 10_000_000)
    assert (told.row("d", 2).anchor, told.row("d", 2).flows) == (10_000_000, 0)
