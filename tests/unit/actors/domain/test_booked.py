"""On a day with a flow the worst value stands on the scale of the floor beside it (RULES 2)."""

from datetime import datetime, timedelta
from random import Random

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.domain.deals import Deal, DealType
from actors.domain.drawdown import crosses
from actors.domain.plan import Anchor, LossRule
from actors.domain.rule_day import Level, RuleDay
from actors.domain.step import start, step
from tests.fakes.kept_life import KeptLife
from tests.unit.actors.domain.histories import (
    DAILY,
    OVERALL,
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
    standings,
)

FIVE = "{ percent = 5 }"
RULES = "".join(
    rule(f"{kind}_{anchor}_{flow}", kind, allowance=FIVE, anchor=f'"{anchor}"',
         cash_flow=f'"{flow}"', severity='"soft"', operator=f'"{operator}"', **also)
    for kind, anchor, flow, operator, also in (
        ("daily_loss", "equity", "shift", "<=", {}),
        ("daily_loss", "balance", "shift", "<", {"checked": '"balance"'}),
        ("daily_loss", "initial", "shift", "<=", {"checked": '"worst"'}),
        ("daily_loss", "equity", "keep", "<=", {}),
        ("daily_loss", "max_balance_equity", "shift", "<=", {"credit": '"included"'}),
        ("daily_loss", "high", "shift", "<=", {}),
        ("daily_loss", "eod_high", "shift", "<", {}),
        ("overall_loss", "initial", "shift", "<=", {"credit": '"included"'}),
        ("overall_loss", "initial", "keep", "<", {}),
        ("overall_loss", "equity_high", "shift", "<=", {}),
        ("overall_loss", "balance_high", "shift", "<=", {}),
        ("overall_loss", "eod_high", "shift", "<=", {}),
    )
)  # fmt: skip
RISING = (Anchor.HIGH, Anchor.EQUITY_HIGH, Anchor.BALANCE_HIGH)
PLAN = plan_of(RULES)
BY_ID = {one.rule_id: one for one in PLAN.phases[0].rules}
DEPOSIT = deal(1, at("02 06:00:00"), 10_000_000)


@pytest.mark.parametrize(("flow", "worst"), [(2_000_000, 11_700_000), (-2_000_000, 7_700_000)])
def test_a_value_before_a_flow_moves_with_the_floor(flow: int, worst: int) -> None:
    """3,000.00 under the anchor before a flow is 3,000.00 under it afterwards, in both rules."""
    deals = [DEPOSIT, opened(2, at("02 08:00:00"), 2), closed(3, at("02 09:00:00"), 2, -300_000)]
    state = start(life_of(plan_of(DAILY + OVERALL)), nothing_stored(), at("02 06:00:00"))
    state, _ = step(state, reading(seen(at("02 10:00:00"), 9_700_000), deals), at("02 10:00:00"))
    deals.append(deal(4, at("02 11:00:00"), flow))
    now = seen(at("02 12:00:00"), 9_700_000 + flow)
    state, effects = step(state, reading(now, deals), now.observed_at)
    for row, stand in zip(effects.rule_days, standings(state, now.observed_at), strict=True):
        assert (row.worst, row.worst_used) == (worst, 300_000)
        assert row.floor is not None
        assert row.allowance is not None
        assert worst - row.floor == row.allowance - 300_000
        assert stand.worst is not None
        assert int(stand.worst * 100) == worst


def test_a_look_ahead_over_a_flow_keeps_its_worst_value_on_the_scale_of_before() -> None:
    """While the broker's clock is unknown the sums stay behind, and worst values with them."""
    deals = [DEPOSIT, opened(2, at("02 08:00:00"), 2), closed(3, at("02 09:00:00"), 2, -300_000)]
    state = start(life_of(plan_of(OVERALL)), nothing_stored(), at("02 06:00:00"))
    state, _ = step(state, reading(seen(at("02 10:00:00"), 9_700_000), deals), at("02 10:00:00"))
    deals.append(deal(4, at("02 11:00:00"), 2_000_000))
    told = reading(seen(at("02 12:00:00"), 11_700_000, {9: -100_000}), deals)
    state, _ = step(state, evolve(told, offset_known=False), at("02 12:00:00"))
    assert [own.worst for own in state.progress.rules] == [9_600_000]


def generated(random: Random) -> list[Deal]:
    """A deposit, then four days of trades, flows and credits of any sign."""
    when, deals = at("02 06:00:00"), [DEPOSIT]
    deals += [
        opened(2, when + timedelta(minutes=1), 2),
        closed(3, when + timedelta(minutes=9), 2, 0),
    ]
    for _ in range(random.randrange(3, 25)):
        when += timedelta(minutes=random.randrange(10, 400))
        ticket, amount = len(deals) + 1, random.randrange(-400_000, 400_000)
        match random.randrange(4):
            case 0:
                deals.append(deal(ticket, when, 4 * amount))
            case 1:
                deals.append(deal(ticket, when, amount, kind=DealType.CREDIT))
            case _:
                deals.append(opened(ticket, when, ticket))
                over = when + timedelta(minutes=random.randrange(1, 9))
                deals.append(closed(ticket + 1, over, ticket, amount))
    return deals


def observed(kept: KeptLife, deals: list[Deal], when: datetime) -> None:
    """A flat account, read with all deals up to then."""
    known = [one for one in deals if one.occurred_at <= when]
    credit = sum(one.amount for one in known if one.type is DealType.CREDIT)
    balance = sum(one.amount for one in known) - credit
    kept.told(reading(seen(when, balance, credit=credit), known))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_level_and_worst_agree_on_every_day(seed: int) -> None:
    """A day was at its floor if and only if its worst value crosses the floor beside it.

    From an unproven anchor that is possible only, and shown as critical.

    A floor that trails within the day may have risen past a value that was above it before; what
    was used then tells, and a worst value above such a floor still means that nothing was crossed.
    """
    random = Random(seed)
    deals = generated(random)
    kept = KeptLife(life_of(PLAN), at("02 06:00:00"))
    when, end = at("02 06:30:00"), deals[-1].occurred_at + timedelta(days=1)
    while when < end:
        observed(kept, deals, when)
        when += timedelta(minutes=random.choice([7, 60, 300, 1500]))
    assert kept.days
    for row in kept.days:
        _agrees(BY_ID[row.rule_id], row)


def _agrees(rule_of: LossRule, row: RuleDay) -> None:
    assert row.floor is not None
    assert row.worst is not None
    assert row.worst_used is not None
    assert row.allowance is not None
    past = crosses(rule_of, row.worst, row.floor)
    crossed = row.level is Level.BREACH
    possibly = crossed or (row.unproven and row.level is Level.CRITICAL)
    if rule_of.anchor in RISING:
        assert past or not crossed
    else:
        assert not crossed or past
        assert not past or possibly
        assert row.worst_used == max(0, row.floor + row.allowance - row.worst)
