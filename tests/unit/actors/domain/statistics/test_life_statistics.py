"""The statistics grow with the life and always say what a full count would say."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from actors.domain.statistics.life_statistics import GrowthFigures, life_statistics
from actors.domain.statistics.telling import chronicle
from actors.domain.trades import rebuild
from tests.unit.actors.domain.histories import (
    DAILY,
    OVERALL,
    at,
    closed,
    deal,
    life_of,
    opened,
    plan_of,
    reading,
    seen,
)
from tests.unit.actors.domain.statistics.lives import OPENING, Broker, Desk

PLAN = plan_of(DAILY + OVERALL)


@settings(max_examples=40, deadline=None)
@given(st.integers(min_value=0), st.booleans())
@example(4580, True)  # a position of an earlier life, closed in parts around a fold
def test_growing_says_what_a_full_count_says(seed: int, later_life: bool) -> None:
    """After deals in any order, repeated, revised and folded away, a recount changes nothing."""
    broker = Broker(seed)
    broker.trade(seed % 12 if later_life else 0)
    desk = Desk(life_of(PLAN, deals_from=broker.now if later_life else None))
    for number, one in enumerate(broker.readings(desk, seed % 50 + 5)):
        desk.take(one)
        if number % 7 == seed % 7:
            again = desk.restarted(one.observation.observed_at)
            assert life_statistics(desk.state, desk.rows) == life_statistics(again, desk.rows)


@settings(max_examples=40, deadline=None)
@given(st.integers(min_value=0))
def test_all_that_was_earned_is_told_somewhere(seed: int) -> None:
    """Trades and account costs, the days' closed results, and the index tell the same money."""
    broker = Broker(seed)
    broker.now += timedelta(minutes=1)
    broker.happen(OPENING)  # so that no later deposit moves the initial balance
    desk = Desk(life_of(PLAN))
    for one in broker.readings(desk, 30):
        desk.take(one)
    told, trades = life_statistics(desk.state, desk.rows), rebuild(broker.deals)
    closes = sum(trade.net for trade in trades if trade.is_closed)
    unfinished = sum(trade.net for trade in trades if not trade.is_closed)
    earned = closes + unfinished + 100 * told.account_costs
    paths = chronicle(desk.state).balance
    assert told.positions.all.net * 100 == closes
    assert paths is None or paths.earned == earned
    if told.days:
        assert sum(day.closed_result for day in told.days) * 100 == earned


def test_a_life_by_hand() -> None:
    """Deposit 100,000; +1,000 held 1 h; payout of 500 while flat; −100 on the next day.

    Gain 1.01 × (100,400 ÷ 100,500) − 1 = 0.8995 %; the fall of 100 from 100,500 is 0.0995 %.
    """
    deals = [
        deal(1, at("02 06:00:00"), 10_000_000),
        opened(2, at("02 07:00:00"), 2),
        closed(3, at("02 08:00:00"), 2, 100_000),
        deal(4, at("02 09:00:00"), -50_000),
        opened(5, at("03 07:00:00"), 5),
        closed(6, at("03 07:30:00"), 5, -10_000),
    ]
    desk = Desk(life_of(PLAN))
    desk.take(reading(seen(at("02 10:00:00"), 10_050_000), deals[:4]))
    desk.take(reading(seen(at("03 08:00:00"), 10_040_000), deals))
    told = life_statistics(desk.state, desk.rows)
    assert (told.currency, told.currency_digits, told.zone) == ("USD", 2, "Asia/Tehran")
    assert told.growth == GrowthFigures(
        gain_pct=Decimal("0.8995"),
        equity_drawdown_pct=Decimal("0.0995"),
        balance_gain_pct=Decimal("0.8995"),
        balance_drawdown_pct=Decimal("0.0995"),
        balance_drawdown=Decimal("100.00"),
        recovery_factor=Decimal("9.0000"),
        sharpe=None,
        sortino=None,
        daily_returns=2,
        proven=True,
    )
    results = [(str(d.date), d.closed_result, d.equity_result, d.flows) for d in told.days]
    assert results == [
        ("2026-03-03", Decimal("-100.00"), Decimal("-100.00"), Decimal("0.00")),
        ("2026-03-02", Decimal("1000.00"), Decimal("1000.00"), Decimal("-500.00")),
    ]
    assert told.positions.median_hold_seconds == Decimal("2700.000")
    assert told.mt5_summary.total_net_profit == Decimal("900.00")


def test_a_currency_without_decimals() -> None:
    """In yen money has no decimals, and growth is what it is in any currency."""
    deals = [
        deal(1, at("02 06:00:00"), 1_000_050),
        opened(2, at("02 07:00:00"), 2, amount=-50),
        closed(3, at("02 08:00:00"), 2, 10_050),
    ]
    desk = Desk(life_of(PLAN))
    desk.take(reading(seen(at("02 10:00:00"), 1_010_050, digits=0), deals))
    told = life_statistics(desk.state, desk.rows)
    assert (str(told.positions.all.net), told.currency_digits) == ("10000", 0)
    assert str(told.days[0].equity_result) == "10000"
    assert str(told.mt5_summary.total_net_profit) == "10000"
    assert told.growth.gain_pct == Decimal("1.0000")  # 0.99995000…, to four decimals


def test_the_floating_before_a_payout_is_remembered() -> None:
    """+2,000 float when 60,000 are paid out: the gain is cut there, also after a restart.

    1.02 × (42,840 ÷ 42,000) − 1 = 4.04 %.
    """
    deals = [deal(1, at("02 06:00:00"), 10_000_000), opened(2, at("02 07:00:00"), 2)]
    payout = deal(3, at("02 09:00:00"), -6_000_000)
    desk = Desk(life_of(PLAN))
    desk.take(reading(seen(at("02 08:00:00"), 10_000_000, {2: 200_000}), deals))
    desk.take(reading(seen(at("02 10:00:00"), 4_000_000, {2: 284_000}), [*deals, payout]))
    for state in (desk.state, desk.restarted(at("02 11:00:00"))):
        grown = life_statistics(state, desk.rows).growth
        assert (grown.gain_pct, grown.proven) == (Decimal("4.0400"), True)


def test_nothing_is_told_of_a_life_that_was_never_read() -> None:
    """No currency, no day, no growth, no position."""
    told = life_statistics(Desk(life_of(PLAN)).state, ())
    assert (told.currency, told.days, told.growth.gain_pct) == (None, (), None)
    assert told.positions.all.closed == 0
