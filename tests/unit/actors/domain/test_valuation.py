"""What a position is worth at a quote: formulas, sides, conversion on the worse side, rounding."""

from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.prices import CalcMode, PriceError, SymbolSpec, to_points
from actors.domain.valuation import (
    Conversion,
    conversion_names,
    conversion_of,
    even,
    is_valued,
    leg_of,
    profit_of,
)
from tests.unit.actors.domain.markets import SPEC

YEN = SymbolSpec(
    "USDJPY", 3, Decimal(100_000), Decimal("0.001"), Decimal(100), "USD", "JPY", "USD",
    CalcMode.FOREX,
)  # fmt: skip
FUTURE = SymbolSpec(
    "ESZ5", 2, Decimal(1), Decimal("0.25"), Decimal("12.5"), "USD", "USD", "USD",
    CalcMode.EXCHANGE_FUTURES,
)  # fmt: skip


@pytest.mark.parametrize(
    ("is_long", "bid", "ask", "profit"),
    [(True, 110_010, 110_020, 1_000), (False, 110_010, 110_020, -2_000), (True, 110_000, 0, 0)],
)
def test_longs_close_at_the_bid_and_shorts_at_the_ask(
    is_long: bool, bid: int, ask: int, profit: int
) -> None:
    """One lot opened at 1.10000; a point is a dollar."""
    leg = leg_of(SPEC, is_long=is_long, volume=Decimal(1), price=Fraction("1.1"), digits=2)
    assert profit_of(leg, (bid, ask), None, None) == profit


@pytest.mark.parametrize(
    ("bid", "profit"),
    [
        (151_000, 66_181),  # 100,000 yen gained, divided by the ask 151.100
        (149_000, -67_114),  # 100,000 yen lost, divided by the bid 149.000
    ],
)
def test_yen_become_dollars_on_the_worse_side(bid: int, profit: int) -> None:
    """Gains at the dearer dollar, losses at the cheaper one."""
    by = Conversion("USDJPY", 3, divides=True)
    leg = leg_of(YEN, is_long=True, volume=Decimal(1), price=Fraction(150), digits=2)
    assert profit_of(leg, (bid, bid + 100), by, (bid, bid + 100)) == profit


@pytest.mark.parametrize(("move", "rate"), [(10, 1_100), (-10, 1_200)])
def test_a_direct_rate_multiplies_on_the_worse_side(move: int, rate: int) -> None:
    """Euros into dollars: gains at the bid, losses at the ask."""
    by = Conversion("EURUSD", 3, divides=False)
    leg = leg_of(SPEC, is_long=True, volume=Decimal(1), price=Fraction("1.1"), digits=2)
    got = profit_of(leg, (110_000 + move, 110_100), by, (1_100, 1_200))
    assert got == move * 100 * rate // 1000


def test_a_future_earns_tick_value_for_each_tick() -> None:
    """Two contracts, three ticks of 0.25 at 12.50 each."""
    leg = leg_of(FUTURE, is_long=True, volume=Decimal(2), price=Fraction(5000), digits=2)
    assert profit_of(leg, (500_075, 500_100), None, None) == 7_500


def test_the_symbol_that_converts_keeps_its_suffix() -> None:
    """EURJPY.a into dollars: USDJPY.a first, then its reverse, then both without the suffix."""
    cross = evolve(YEN, name="EURJPY.a", base_currency="EUR")
    assert conversion_names(cross, "USD") == (
        ("USDJPY.a", True), ("JPYUSD.a", False), ("USDJPY", True), ("JPYUSD", False),
    )  # fmt: skip
    assert conversion_of(cross, "USD", {"USDJPY": YEN}) == Conversion("USDJPY", 3, divides=True)
    assert conversion_of(cross, "USD", {}) is None
    assert [name for name, _ in conversion_names(FUTURE, "EUR")] == ["EURUSD", "USDEUR"]


def test_modes_without_a_known_formula_are_not_valued() -> None:
    """Bonds and options are left to their worst case: nothing is made up."""
    assert is_valued(SPEC)
    assert is_valued(FUTURE)
    assert not is_valued(evolve(SPEC, calc_mode=CalcMode.EXCHANGE_BONDS))


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_halves_go_to_the_even_neighbour(numerator: int, denominator: int) -> None:
    """The quotient is Python's own exact rounding of the fraction."""
    assert even(numerator, denominator) == round(Fraction(numerator, denominator))


@given(st.integers(-(10**6), 10**6), st.integers(90_000, 130_000), st.booleans())
def test_a_leg_is_the_exact_formula(milli: int, bid: int, is_long: bool) -> None:
    """(price - open) x volume x contract, in cents, for any volume and weighted open price."""
    volume, price = Decimal(abs(milli) + 1) / 1000, Fraction(11, 10) + Fraction(milli, 7 * 10**9)
    leg = leg_of(SPEC, is_long=is_long, volume=volume, price=price, digits=2)
    close = Fraction(bid if is_long else bid + 3, 10**5)
    exact = (close - price) * (1 if is_long else -1) * Fraction(volume) * 100_000 * 100
    assert profit_of(leg, (bid, bid + 3), None, None) == round(exact)


def test_a_finer_price_is_refused() -> None:
    """More decimals than the symbol has are no points; zeros behind them are."""
    assert to_points("1.1000100", 5) == 110_001
    with pytest.raises(PriceError):
        to_points("1.100001", 5)
