"""Doubles of the terminal turned into exact rows, and what is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.mt5.bridge import rows
from actors.mt5.bridge.rows import BadFigure

ACCOUNT = [7, "Srv", "N", "C", "USD", 2, 100, 2, False, 100.1, 0.0, 99.95, 1.0, 98.95]
DEAL = [1, 2, 3, 0, 0, 0, "EURUSD", 0.1, 1.1, 0.0, -0.35, 0.0, 0.0, 1_700_000_000_000, ""]


@given(st.integers(-(10**12), 10**12), st.integers(0, 8))
def test_money_is_exact(minor: int, digits: int) -> None:
    """The double nearest to an amount gives that amount in minor units again."""
    assert rows.money(float(Decimal(minor).scaleb(-digits)), digits) == minor


@given(st.integers(0, 10**10), st.integers(0, 8))
def test_prices_are_exact(points: int, digits: int) -> None:
    """The double nearest to a price gives that price again, without an exponent."""
    price = Decimal(points).scaleb(-digits)
    told = rows.text(float(price))
    assert Decimal(told) == price
    assert "E" not in told


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_no_number_is_refused(value: float) -> None:
    """NaN and infinity never become a figure."""
    with pytest.raises(BadFigure):
        rows.money(value, 2)
    with pytest.raises(BadFigure):
        rows.text(value)


def test_noise_of_the_last_binary_digits_is_rounded_away() -> None:
    """What arithmetic in doubles leaves behind is no part of the price."""
    assert rows.text(0.1 + 0.2) == "0.3"
    assert rows.money(64.1 * 3, 2) == 19_230


@pytest.mark.parametrize(("place", "value"), [(3, 18), (4, 9), (5, 77), (0, -1), (13, -5)])
def test_unknown_enums_and_impossible_numbers_are_refused(place: int, value: int) -> None:
    """A deal's type, entry, reason, ticket or time that the protocol does not know."""
    assert rows.deal(DEAL, 2).commission == -35
    bad = [*DEAL]
    bad[place] = value
    with pytest.raises(BadFigure):
        rows.deal(bad, 2)


def test_the_account_is_told_with_its_offset() -> None:
    """Margin modes are named; one that is unknown is refused; trading allowed means master."""
    told = rows.account(ACCOUNT, 7200, "detected")
    assert (told.login, told.margin_mode, told.server_offset_seconds) == ("7", "hedging", 7200)
    assert not rows.is_master(ACCOUNT)
    assert rows.balance_of(ACCOUNT) == 10_010
    with pytest.raises(BadFigure):
        rows.account([*ACCOUNT[:7], 3, *ACCOUNT[8:]], None, "unknown")


def test_an_order_that_closes_by_another_is_left_out() -> None:
    """It has no side of its own."""
    buy_stop = [1, 0, "EURUSD", 4, 0.1, 1.1, 5, 0]
    (only,) = rows.orders([buy_stop, [2, 0, "EURUSD", 8, 0.1, 1.1, 5, 6]])
    assert (only.ticket, only.side, only.done_broker_msc) == (1, "buy", None)


@pytest.mark.parametrize(
    ("mode", "profit", "value"), [(0, "JPY", "100"), (4, "USD", "100"), (33, "USD", "7.5")]
)
def test_a_ticks_value_is_told_in_the_profit_currency(mode: int, profit: str, value: str) -> None:
    """By contract and tick size; a future's only where it is in the account's currency."""
    raw = ["X", 3, 100_000.0, 0.001, 7.5, "USD", profit, "USD", mode]
    assert rows.symbol(raw, "USD").tick_value == value
    with pytest.raises(BadFigure):
        rows.symbol(["X", 3, 1.0, 0.1, 7.5, "USD", "EUR", "USD", 33], "USD")
