"""Money: exact at the edges, rounded one stated way where a plan is finer than the currency."""

from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.account import ConnectionState, InitialBalanceSource
from actors.domain.deals import Deal
from actors.domain.life import StoredLife
from actors.domain.money import (
    MoneyError,
    money_ceil,
    money_floor,
    percent_even,
    percent_floor,
    reaches_share,
    share_ceil,
    to_decimal,
    to_minor,
)
from actors.domain.step import start, step
from actors.domain.summary_view import history_state
from tests.unit.actors.domain.histories import (
    DAILY,
    at,
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

amounts = st.decimals(-(10**12), 10**12, places=4)
digits = st.integers(0, 3)
whole = st.integers(-(10**14), 10**14)


@given(amounts, digits)
def test_plan_amounts_round_to_the_minor_units_beside_them(amount: Decimal, digits: int) -> None:
    """Down and up are the integers just under and over the amount, equal where it is exact."""
    exact = Fraction(amount) * 10**digits
    low, high = money_floor(amount, digits), money_ceil(amount, digits)
    assert low <= exact <= high
    assert high - low == (0 if exact.denominator == 1 else 1)


@given(whole, digits)
def test_minor_units_survive_the_way_out_and_back(minor: int, digits: int) -> None:
    """To a decimal and back is the same integer, with exactly the currency's decimals."""
    shown = to_decimal(minor, digits)
    assert to_minor(shown, digits) == minor
    assert -int(shown.as_tuple().exponent) == digits


@pytest.mark.parametrize(
    ("amount", "digits", "why"),
    [
        ("NaN", 2, "not finite"),
        ("-Infinity", 2, "not finite"),
        ("ten", 2, "not a decimal number"),
        ("0.001", 2, "more than 2 decimals"),
        ("0.5", 0, "more than 0 decimals"),
    ],
)
def test_what_is_no_exact_money_is_refused(amount: str, digits: int, why: str) -> None:
    """A number that the currency cannot hold is never rounded silently."""
    with pytest.raises(MoneyError, match=why):
        to_minor(amount, digits)


@given(st.decimals(0, 100, places=4), st.integers(0, 10**14))
def test_a_share_rounds_up_to_a_minor_unit(percent: Decimal, base: int) -> None:
    """ceil(percent x base): at least the share, less than one unit more."""
    exact = Fraction(percent) * base / 100
    assert 0 <= share_ceil(percent, base) - exact < 1


@given(st.integers(0, 10**14), st.decimals(0, 1, places=4), st.integers(1, 10**14))
def test_a_level_is_reached_exactly_at_its_share(used: int, share: Decimal, whole: int) -> None:
    """used >= share x allowance by fractions, never by a rounded percentage."""
    assert reaches_share(used, share, whole) is (used >= Fraction(share) * whole)


@given(st.integers(0, 10**14), st.integers(1, 10**14))
def test_percentages_are_cut_or_rounded_half_even(part: int, whole: int) -> None:
    """Used is cut to 2 decimals so that 100.00 never shows early; others half-even to 4."""
    exact = Fraction(part * 100, whole)
    cut, even = percent_floor(part, whole), percent_even(part, whole)
    assert cut is not None
    assert even is not None
    assert Fraction(cut) == Fraction(exact * 100 // 1, 100)
    assert Fraction(even) == Fraction(round(exact * 10_000), 10_000)


def test_a_share_of_nothing_has_no_percentage() -> None:
    """Without an allowance there is nothing to be a part of."""
    assert (percent_floor(1, 0), percent_even(1, 0)) == (None, None)


YEN = [deal(1, at("02 06:00:00"), 1_000_000), opened(2, at("02 06:30:00"), 2)]


@pytest.mark.parametrize(
    ("fields", "floor", "allowance"),
    [
        ({"allowance": "{ money = 49999.01 }"}, "950000", "50000"),
        ({"allowance": "{ money = 50000 }"}, "950000", "50000"),
        ({"allowance": "{ money = 0.01 }"}, "999999", "1"),
        (
            {
                "allowance": "{ money = 49999.01 }",
                "anchor": '"equity_high"',
                "lock": "{ plus = 0.99 }",
            },
            "1000000",
            "50000",
        ),
    ],
)
def test_a_plan_finer_than_the_currency_takes_the_lower_floor(
    fields: dict[str, str], floor: str, allowance: str
) -> None:
    """Cents on a yen account: the allowance rounds up, a lock down, and nothing crashes."""
    plan = plan_of(rule("overall", "overall_loss", cash_flow='"shift"', **fields))
    state = start(life_of(plan), nothing_stored(), at("02 06:00:00"))
    for when, floating in (("02 07:00:00", 0), ("02 08:00:00", 100_000)):
        look = seen(at(when), 1_000_000, {2: floating}, digits=0)
        state, _ = step(state, reading(look, YEN), at(when))
    (stand,) = standings(state, at("02 08:00:00"))
    assert (stand.floor, stand.allowance) == (Decimal(floor), Decimal(allowance))
    if "lock" in fields:
        assert stand.inputs["lock"] == Decimal(1_000_000)


def in_yen(deals: list[Deal], ordered: str, source: InitialBalanceSource) -> ConnectionState:
    """How a yen account that was ordered with this balance stands after a reading."""
    life = evolve(
        life_of(plan_of(DAILY)),
        ordered_initial_balance=Decimal(ordered),
        initial_balance_source=source,
    )
    state = start(life, nothing_stored(), at("02 06:00:00"))
    look = seen(at("02 07:00:00"), 1_000_000, {2: 0}, digits=0)
    state, _ = step(state, reading(look, deals), at("02 07:00:00"))
    return history_state(state)


@pytest.mark.parametrize(
    ("ordered", "source", "expected"),
    [
        ("1000000.50", InitialBalanceSource.ORDER_META, ConnectionState.NEEDS_OPERATOR),
        ("1000000.50", InitialBalanceSource.MANUAL, ConnectionState.NEEDS_OPERATOR),
        ("1000000.00", InitialBalanceSource.ORDER_META, ConnectionState.READY),
    ],
)
def test_an_order_that_the_currency_cannot_hold_waits_for_an_operator(
    ordered: str, source: InitialBalanceSource, expected: ConnectionState
) -> None:
    """Half a yen is nobody's initial balance: no verdict, and no crash."""
    assert in_yen(YEN, ordered, source) is expected


def test_a_corrected_initial_balance_replaces_the_known_one_and_half_a_yen_does_not() -> None:
    """An operator's word that the currency cannot hold waits; the next one is taken."""
    life = life_of(plan_of(DAILY))
    state = start(life, nothing_stored(), at("02 06:00:00"))
    look = seen(at("02 07:00:00"), 1_000_000, {2: 0}, digits=0)
    state, effects = step(state, reading(look, YEN), at("02 07:00:00"))
    document = effects.rule_state
    found = []
    for ordered in ("1200000.5", "1200000"):
        by_hand = evolve(
            life,
            ordered_initial_balance=Decimal(ordered),
            initial_balance_source=InitialBalanceSource.MANUAL,
        )
        state = start(by_hand, StoredLife(1, tuple(YEN), document), at("02 07:00:00"))
        later = seen(at("02 07:01:00"), 1_000_000, {2: 0}, digits=0)
        state, effects = step(state, reading(later, YEN), at("02 07:01:00"))
        document = effects.rule_state
        assert state.progress.initial is not None
        found.append((history_state(state), state.progress.initial.value))
    assert found == [
        (ConnectionState.NEEDS_OPERATOR, 1_000_000),
        (ConnectionState.READY, 1_200_000),
    ]
