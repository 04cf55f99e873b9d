"""The closed balance as an index: flows do not move it, results do, falls are measured on it."""

from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from actors.domain.deals import DealType
from actors.domain.statistics.balance_index import BalanceIndex
from tests.unit.actors.domain.histories import at, deal

WHEN = at("03 10:00:00")


def after(index: BalanceIndex, amount: int, kind: DealType = DealType.SELL) -> BalanceIndex:
    """The index after one deal that is alone at its instant."""
    return index.after(deal(1, WHEN, amount, kind=kind)).measured()


def test_a_gain_is_cut_at_a_flow() -> None:
    """100 → 110, deposit 110, → 231: two gains of 10 % and 5 %, 15.5 % together."""
    index = after(BalanceIndex.opened(10_000), 1_000)
    index = after(index, 11_000, DealType.BALANCE)
    assert index.value == Fraction(110, 100)
    assert after(index, 1_100).value == Fraction(1155, 1000)


def test_a_withdrawal_is_no_drawdown_and_a_loss_after_it_is_measured_on_what_is_left() -> None:
    """200 pays out 100, then loses 10 of 100: 10 % down, 10 in money."""
    index = after(BalanceIndex.opened(20_000), -10_000, DealType.BALANCE)
    assert (index.drawdown, index.deepest) == (Fraction(0), 0)
    index = after(index, -1_000)
    assert (index.drawdown, index.deepest) == (Fraction(1, 10), 1_000)
    recovered = after(index, 5_000)
    assert (recovered.drawdown, recovered.deepest) == (Fraction(1, 10), 1_000)


def test_credit_moves_nothing() -> None:
    """Credit is not the account's money."""
    index = BalanceIndex.opened(10_000)
    assert index.after(deal(1, WHEN, 500, kind=DealType.CREDIT)) == index


def test_with_nothing_left_the_index_stands_until_the_next_deposit() -> None:
    """A gain of 10 % is paid out whole; costs of nothing change nothing; it goes on later."""
    index = after(BalanceIndex.opened(10_000), 1_000)
    index = after(after(index, -11_000, DealType.BALANCE), -5)
    assert index.value == Fraction(11, 10)
    index = after(after(index, 10_005, DealType.BALANCE), 1_000)
    assert index.value == Fraction(121, 100)


def test_deals_of_one_instant_are_one_point() -> None:
    """A loss and its refund in the same millisecond are no drawdown."""
    index = BalanceIndex.opened(10_000)
    for amount in (-4_000, 4_000):
        index = index.after(deal(1, WHEN, amount, kind=DealType.SELL))
    assert index.measured().drawdown == 0


@given(st.lists(st.integers(min_value=-500, max_value=500)))
def test_without_flows_the_index_is_the_balance(amounts: list[int]) -> None:
    """Index = balance ÷ initial balance, and the drawdowns are those of the balance itself."""
    index, balances = BalanceIndex.opened(1_000_000), [1_000_000]
    for amount in amounts:
        index = after(index, amount)
        balances.append(balances[-1] + amount)
    peaks = [max(balances[: n + 1]) for n in range(len(balances))]
    assert index.value == Fraction(balances[-1], 1_000_000)
    falls = [(peak - b, Fraction(peak - b, peak)) for peak, b in zip(peaks, balances, strict=True)]
    assert (index.deepest, index.drawdown) == (max(f for f, _ in falls), max(s for _, s in falls))


@given(st.lists(st.tuples(st.booleans(), st.integers(min_value=-600, max_value=900))))
def test_falls_with_flows_are_those_of_every_single_point(moves: list[tuple[bool, int]]) -> None:
    """Against a plain walk: index and peak at each point, and the earned money beside it."""
    index = BalanceIndex.opened(10_000)
    value, balance, earned = Fraction(1), 10_000, [0]
    path = [value]
    for is_flow, amount in moves:
        index = after(index, amount, DealType.BALANCE if is_flow else DealType.SELL)
        if not is_flow:
            value = value * (balance + amount) / balance if balance > 0 else value
            earned.append(earned[-1] + amount)
            path.append(value)
        balance += amount
        assume(balance > 0)
    peaks = [max(path[: n + 1]) for n in range(len(path))]
    assert index.value == value
    assert index.drawdown == max((p - v) / p for p, v in zip(peaks, path, strict=True))
    assert index.deepest == max(max(earned[: n + 1]) - e for n, e in enumerate(earned))
