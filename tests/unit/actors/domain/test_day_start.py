"""The value at a reset belongs to the new day."""

from datetime import date

import pytest

from actors.domain.deals import Deal
from actors.domain.rule_day import RuleDay
from actors.domain.step import start, step
from actors.domain.violation import Violation
from tests.unit.actors.domain.histories import (
    DAILY,
    at,
    closed,
    deal,
    life_of,
    nothing_stored,
    opened,
    plan_of,
    reading,
    rule,
    seen,
)

Look = tuple[str, int, dict[int, int]]
FROM_INITIAL = rule("daily", "daily_loss", anchor='"initial"', allowance="{ percent = 5 }")


def told(
    rules: str, deals: list[Deal], looks: list[Look]
) -> tuple[dict[date, RuleDay], list[Violation]]:
    """The newest row of each day and all violations, after the looks (at, balance, floating)."""
    state = start(life_of(plan_of(rules)), nothing_stored(), at("02 06:00:00"))
    rows: dict[date, RuleDay] = {}
    found: list[Violation] = []
    for when, balance, floating in looks:
        known = [one for one in deals if one.occurred_at <= at(when)]
        now = seen(at(when), balance, floating)
        state, effects = step(state, reading(now, known), now.observed_at)
        rows |= {row.date: row for row in effects.rule_days}
        found += effects.violations
    return rows, found


def trade(ticket: int, opened_at: str, closed_at: str, amount: int) -> list[Deal]:
    """A position from open to close."""
    return [
        opened(ticket, at(opened_at), ticket),
        closed(ticket + 1, at(closed_at), ticket, amount),
    ]


DEPOSIT = deal(1, at("02 06:00:00"), 10_000_000)


def test_a_day_that_only_gains_was_worst_at_its_start() -> None:
    """Flat at the reset, then 300.00 up: the lowest value of the day is the reset's."""
    deals = [DEPOSIT, *trade(2, "02 07:00:00", "02 08:00:00", 0)]
    deals += trade(4, "03 08:00:00", "03 09:00:00", 30_000)
    looks: list[Look] = [
        ("02 12:00:00", 10_000_000, {}),
        ("03 12:00:00", 10_030_000, {}),
        ("04 12:00:00", 10_030_000, {}),
    ]
    rows, _ = told(DAILY, deals, looks)
    assert [(row.worst, row.worst_used) for row in rows.values()] == [
        (10_000_000, 0),
        (10_000_000, 0),
        (10_030_000, 0),
    ]
    assert rows[date(2026, 3, 4)].worst_at == at("03 22:00:00")


def test_an_open_position_leaves_the_equity_at_the_reset_unknown() -> None:
    """Equity was not seen at the reset, so the day's worst is the first one that was."""
    deals = [DEPOSIT, opened(2, at("03 08:00:00"), 7)]
    looks: list[Look] = [
        ("03 09:00:00", 10_000_000, {7: -1_000}),
        ("04 09:00:00", 10_000_000, {7: 2_000}),
    ]
    rows, _ = told(DAILY, deals, looks)
    assert rows[date(2026, 3, 4)].worst == 10_002_000


@pytest.mark.parametrize(
    ("loss", "breached"), [(-500_000, True), (-499_999, False)], ids=["at the floor", "above"]
)
def test_an_account_under_its_floor_breaches_at_the_reset_itself(loss: int, breached: bool) -> None:
    """A daily floor that hangs from the initial balance is crossed again as the day begins."""
    deals = [DEPOSIT, *trade(2, "02 07:00:00", "02 08:00:00", loss)]
    balance = 10_000_000 + loss
    looks: list[Look] = [
        ("02 12:00:00", balance, {}),
        ("03 12:00:00", balance, {}),
    ]
    _, found = told(FROM_INITIAL, deals, looks)
    firm = [(one.rule_date, one.occurred_at) for one in found if one.verdict in ("hard", "soft")]
    expected = [
        (date(2026, 3, 2), at("02 12:00:00")),
        (date(2026, 3, 3), at("02 22:00:00")),
    ]
    assert firm == (expected if breached else [])
