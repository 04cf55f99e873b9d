"""The summary and standings: the seed's figures, unknown as None, pending after a reset."""

from datetime import timedelta
from decimal import Decimal

from actors.domain.account import ConnectionState
from actors.domain.account_state import AccountState
from actors.domain.loss_stands import loss_stands
from actors.domain.risk_tier import schedule
from actors.domain.rule_day import AnchorGrade
from actors.domain.step import start, step
from actors.domain.summary import Summary
from actors.domain.summary_view import history_state, summarise
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
    seen,
    standings,
)

LIFE = life_of(plan_of(DAILY + OVERALL))
DEALS = [
    deal(1, at("02 06:00:00"), 10_000_000),
    opened(2, at("02 06:30:00"), 2),
    closed(3, at("02 07:00:00"), 2, 120_000),
    opened(4, at("02 07:10:00"), 4),
    closed(5, at("02 07:20:00"), 4, -20_000),
    deal(6, at("02 07:30:00"), -50_000),
    opened(7, at("02 07:40:00"), 7),
]
NOW = at("02 08:00:00")


def account() -> AccountState:
    """A win, a loss, a payout, and an open position at -300."""
    begun = start(LIFE, nothing_stored(), at("02 06:00:00"))
    return step(begun, reading(seen(NOW, 10_050_000, {7: -30_000}), DEALS), NOW)[0]


def told(state: AccountState) -> Summary:
    """The summary as the account's actor would publish it."""
    return summarise(
        state, loss_stands(state, NOW), history_state(state), schedule(state, NOW, 0.0), NOW
    )


def test_the_summary_tells_the_seeds_figures() -> None:
    """Balance change has the flows in it, the net result has not; drawdown is in money."""
    summary = told(account())
    assert summary.balance_change_abs == Decimal("500.00")
    assert summary.balance_change_pct == Decimal("0.5000")
    assert summary.net_result == Decimal("1000.00")
    assert (summary.win_rate, summary.closed_positions, summary.open_positions) == (
        Decimal(50),
        2,
        1,
    )
    assert (summary.dd_daily_limit, summary.dd_all_time_limit) == (Decimal(5000), Decimal(10000))
    assert summary.dd_daily_floor == Decimal("94500.00")
    assert (summary.dd_daily_used, summary.dd_daily_headroom) == (Decimal(0), Decimal(5700))
    assert summary.dd_daily_reset_at == at("02 22:00:00")
    assert (summary.trading_days, summary.connection_state) == (1, ConnectionState.READY)


def test_the_next_reset_is_previewed_with_todays_equity() -> None:
    """An equity anchor would be 100,200 at the reset: floor 95,200, headroom the allowance."""
    preview = told(account()).next_reset
    assert preview is not None
    assert (preview.at, preview.projected_floor) == (at("02 22:00:00"), Decimal("95200.00"))
    assert preview.headroom_after == Decimal("5000.00")


def test_daily_figures_are_unknown_between_the_reset_and_the_next_reading() -> None:
    """After the boundary the daily rule is pending, the overall rule goes on."""
    daily, overall = standings(account(), at("02 22:00:00"))
    assert (daily.floor, daily.used, daily.grade) == (None, None, AnchorGrade.PENDING)
    assert overall.floor == Decimal("89500.00")


def test_nothing_known_is_none_and_never_zero() -> None:
    """Before the first reading the summary holds no figure."""
    state = start(LIFE, nothing_stored(), NOW)
    summary = told(state)
    assert summary.connection_state is ConnectionState.HISTORY_LOADING
    known = (summary.balance_current, summary.dd_daily_used, summary.win_rate, summary.as_of)
    assert known == (None, None, None, None)
    assert [s.floor for s in standings(state, NOW + timedelta(hours=1))] == [None, None]
