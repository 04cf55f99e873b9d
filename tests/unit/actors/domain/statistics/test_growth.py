"""Growth on equity: cut at each flow's instant, with the floating there."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from actors.domain.progress import FlowSight
from actors.domain.rule_day import Coverage
from actors.domain.statistics.balance_index import Cut
from actors.domain.statistics.days import Day, calendar
from actors.domain.statistics.growth import Growth, Worth, growth
from actors.domain.statistics.ratios import sharpe, sortino
from tests.unit.actors.domain.histories import at
from tests.unit.actors.domain.statistics.made import row

BEGAN = Worth(at("02 10:00:00"), 10_000)
OPEN = Coverage(sampled_seconds=86_400.0)


def days(*equities: int | None) -> tuple[Day, ...]:
    """Rule days from 2 March on, with a position open all along."""
    start = at("01 22:00:00")
    return calendar(
        row(date(2026, 3, 2) + timedelta(days=n), start + timedelta(days=n), equity, coverage=OPEN)
        for n, equity in enumerate(equities)
    )


def test_the_gain_is_that_of_the_equity_now() -> None:
    """100 → 104.50 with what floats: 4.5 %; of 110 at the reset that is a fall of 5 %."""
    grown = growth(BEGAN, days(10_000, 11_000), (), (), Worth(at("03 09:00:00"), 10_450))
    assert grown.value == Fraction(1045, 1000)
    assert grown.drawdown == Fraction(1, 20)
    assert grown.returns == (Fraction(1, 10), Fraction(-1, 20))


def test_a_flow_cuts_with_the_floating_seen_before_it() -> None:
    """Balance 100 floating +20 pays out 60: gain 20 % there, then 60 → 66 adds 10 %."""
    cut = Cut(at("02 12:00:00"), 10_000, -6_000, flat=False)
    sights = (FlowSight(cut.at, 2_000),)
    now = Worth(at("02 15:00:00"), 6_600)
    grown = growth(BEGAN, days(10_000), (cut,), sights, now)
    assert (grown.value, grown.proven) == (Fraction(132, 100), True)
    assert grown.drawdown == 0


def test_an_unseen_floating_at_a_flow_leaves_the_gain_unproven() -> None:
    """Positions were open and nobody looked: the balance alone is taken, and that is said."""
    cut = Cut(at("02 12:00:00"), 10_000, -6_000, flat=False)
    grown = growth(BEGAN, days(10_000), (cut,), (), Worth(at("02 15:00:00"), 6_600))
    assert (grown.value, grown.proven) == (Fraction(165, 100), False)


def test_a_flow_at_a_reset_is_the_new_days() -> None:
    """Yesterday earned 10 %, and today, which began with a deposit, nothing."""
    cut = Cut(at("02 22:00:00"), 11_000, 9_000, flat=True)
    now = Worth(at("03 09:00:00"), 20_000)
    grown = growth(BEGAN, days(10_000, 11_000), (cut,), (), now)
    assert grown.returns == (Fraction(1, 10), Fraction(0))


def test_days_without_trading_or_with_unknown_equity_have_no_return() -> None:
    """A flat day is no observation, nor is one whose end nobody saw."""
    flat = calendar([row(date(2026, 3, 2), at("01 22:00:00"), 10_000)])
    assert growth(BEGAN, flat, (), (), Worth(BEGAN.at, 10_000)).returns == (None,)
    now = Worth(at("04 09:00:00"), 12_000)
    assert growth(BEGAN, days(10_000, None, 11_000), (), (), now).returns[:2] == (None, None)


def test_nothing_is_known_before_the_initial_balance() -> None:
    """No start, no growth."""
    assert growth(None, days(10_000), (), (), None) == Growth(None, None, (None,), proven=False)


def test_sharpe_and_sortino_by_hand() -> None:
    """15 days of +2 % and 15 of -1 %.

    Mean 0.5 %; sample variance 30·0.015² ÷ 29; downside variance 15·0.01² ÷ 30. Sharpe =
    0.005·√252 ÷ 0.0152564… = 5.2026, Sortino = 0.005·√252 ÷ 0.0070710… = 11.2250.
    """
    returns = [Fraction(2, 100), Fraction(-1, 100)] * 15
    assert sharpe(returns) == Decimal("5.2026")
    assert sortino(returns) == Decimal("11.2250")


def test_ratios_are_hidden_under_thirty_days_and_where_nothing_varies() -> None:
    """29 returns tell nothing; equal ones have no deviation, gains alone no downside."""
    returns = [Fraction(n, 100) for n in range(30)]
    assert (sharpe(returns[:29]), sortino(returns[:29])) == (None, None)
    assert sharpe(returns) is not None
    assert sortino(returns) is None
    assert sharpe([Fraction(1, 3)] * 30) is None
