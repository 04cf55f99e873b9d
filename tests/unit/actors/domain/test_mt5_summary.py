"""The terminal's own figures: known reports by hand, and laws that hold for any deals."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from attrs import asdict, evolve
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.deals import Deal, DealEntry, DealType
from actors.domain.mt5_summary import Mt5Figures, Mt5Summary
from tests.unit.actors.domain.histories import at, deal

NOON = at("02 12:00:00")


def cash(amount: int, kind: DealType = DealType.BALANCE) -> Deal:
    """An account operation."""
    return deal(1, NOON, amount, kind=kind)


def opening(cost: int = 0) -> Deal:
    """A deal that opens a position."""
    return deal(2, NOON, cost, kind=DealType.BUY, position=7, volume="1")


def closing(result: int, kind: DealType = DealType.SELL, entry: DealEntry = DealEntry.OUT) -> Deal:
    """A deal that closes a position with a result."""
    return deal(3, NOON, result, kind=kind, entry=entry, position=7, volume="1")


def summed(deals: Sequence[Deal], opened: int = 0) -> Mt5Figures:
    """Figures of a currency with cents."""
    summary = Mt5Summary.opened(opened)
    for each in deals:
        summary = summary.add(each)
    return summary.figures(2)


def rounded(value: Decimal | None, decimals: int = 2) -> Decimal:
    """A figure as it would be printed."""
    assert value is not None
    return round(value, decimals)


def test_a_bonus_counts_in_drawdowns_and_withdrawals_do_not() -> None:
    """Figures printed by a terminal: bonus given and taken, withdrawals between losing trades."""
    short = DealType.BUY
    deals = [
        cash(4025), cash(805, DealType.BONUS),
        opening(), closing(-121, short), opening(), closing(-50, short),
        opening(), closing(-57, short),
        cash(-997), cash(-805, DealType.BONUS), cash(-100),
        opening(), closing(-125, short), opening(), closing(-101, short),
    ]  # fmt: skip
    figures = summed(deals)
    assert figures.total_net_profit == figures.gross_loss == Decimal("-4.54")
    assert figures.balance_drawdown_absolute == Decimal("4.54")
    assert figures.balance_drawdown_maximal == Decimal("12.59")
    assert rounded(figures.balance_drawdown_maximal_pct) == Decimal("26.07")
    assert rounded(figures.recovery_factor) == Decimal("-0.36")
    assert rounded(figures.sharpe_ratio) == Decimal("-2.47")
    assert figures.short_trades == figures.average_consecutive_losses == 5
    assert figures.long_trades == figures.profit_factor == figures.average_profit_trade == 0


def test_deposits_before_the_first_trade_are_what_trading_began_with() -> None:
    """Several deposits and credits count together; the absolute drawdown hangs from their sum."""
    deals = [cash(48921), cash(1179), cash(50000, DealType.CREDIT), opening(-100), closing(-5000)]
    figures = summed(deals)
    assert figures.balance_drawdown_absolute == Decimal("51.00")
    assert figures.balance_drawdown_maximal == Decimal("51.00")
    assert rounded(figures.balance_drawdown_maximal_pct) == Decimal("5.09")


def test_opening_costs_lie_in_the_gross_loss_but_in_no_trade() -> None:
    """An opening commission lowers net, gross and average loss, not the largest loss or a run."""
    figures = summed([cash(100000), opening(-300), closing(5000), opening(-300), closing(-1000)])
    assert (figures.gross_profit, figures.gross_loss) == (Decimal(50), Decimal(-16))
    assert (figures.largest_loss_trade, figures.average_loss_trade) == (Decimal(-10), Decimal(-16))
    assert figures.maximum_consecutive_losses_amount == Decimal(-10)
    assert figures.total_net_profit == Decimal(34)
    assert figures.profit_factor == Decimal("3.125")


def test_a_result_of_zero_wins_and_lengthens_a_run() -> None:
    """Zero is a profit trade; a run that earned nothing more still grows by it."""
    figures = summed([cash(100000), closing(0), closing(500), closing(0), closing(-1)])
    assert figures.profit_trades == figures.maximum_consecutive_wins == 3
    assert figures.maximal_consecutive_profit_count == 3
    assert figures.profit_trades_pct == 75


def test_ties_of_runs_show_the_larger_sum() -> None:
    """Of runs equally long the larger sum is shown, whichever came first."""
    small, large = [closing(100), closing(100)], [closing(300), closing(100)]
    for deals in ([*small, closing(-1), *large], [*large, closing(-1), *small]):
        figures = summed([cash(100000), *deals])
        assert figures.maximum_consecutive_wins == 2
        assert figures.maximum_consecutive_wins_amount == Decimal(4)
    losing = [closing(-100), closing(-1), closing(5), closing(-9), closing(-150)]
    assert summed(losing).maximum_consecutive_losses_amount == Decimal("-1.59")


def test_mean_runs_are_rounded_half_up() -> None:
    """Runs of 2 and 3 losses have the mean 3; runs of 1, 1 and 2 wins the mean 1."""
    results = [1, -1, -1, 1, -1, -1, -1, 1, 1]
    figures = summed([cash(1000), *(closing(each) for each in results)])
    assert figures.average_consecutive_losses == 3
    assert figures.average_consecutive_wins == 1


def test_maximal_and_relative_drawdown_may_be_different_falls() -> None:
    """The largest sum and the largest share of a peak are looked for apart."""
    figures = summed([cash(1000), closing(-500), closing(99500), closing(-10000)])
    assert figures.balance_drawdown_maximal == Decimal(100)
    assert figures.balance_drawdown_maximal_pct == 10
    assert figures.balance_drawdown_relative == Decimal(5)
    assert figures.balance_drawdown_relative_pct == 50
    assert figures.balance_drawdown_absolute == Decimal(5)


def test_a_balance_below_zero_falls_more_than_all() -> None:
    """A drawdown above 100 % and an absolute one above the deposit are told as they are."""
    figures = summed([cash(3000), opening(), closing(-4719)])
    assert figures.balance_drawdown_absolute == Decimal("47.19")
    assert figures.balance_drawdown_maximal_pct == Decimal("157.3")


def test_a_peak_below_zero_has_no_share() -> None:
    """An account that never stood above zero falls in money, not in percent."""
    figures = summed([closing(-100)], opened=-500)
    assert figures.balance_drawdown_maximal == Decimal(1)
    assert figures.balance_drawdown_maximal_pct == 0
    assert figures.balance_drawdown_relative == figures.balance_drawdown_relative_pct == 0


def test_of_equal_falls_the_first_is_told() -> None:
    """The same loss from a higher peak later leaves the percentage alone."""
    figures = summed([cash(1000), closing(-100), closing(1100), closing(-100)])
    assert figures.balance_drawdown_maximal == Decimal(1)
    assert figures.balance_drawdown_maximal_pct == 10


def test_a_trade_on_a_balance_of_zero_returns_nothing() -> None:
    """Returns 0 and one half: mean and deviation are equal."""
    assert summed([closing(100), closing(50)]).sharpe_ratio == 1


def test_a_window_that_starts_mid_life_hangs_from_its_first_balance() -> None:
    """The balance before the first row is the start; a deposit after a trade changes nothing."""
    figures = summed([closing(1191), closing(-6158), cash(5000), opening()], opened=5061)
    assert figures.balance_drawdown_absolute == Decimal("49.67")
    assert figures.balance_drawdown_maximal == Decimal("61.58")


def test_reversals_and_closes_by_an_opposite_position_are_trades() -> None:
    """In/out and out by close; a dividend that says "in" does not open or close anything."""
    dividend = deal(9, NOON, 30, kind=DealType.DIVIDEND)
    figures = summed(
        [
            cash(10000), opening(), closing(-100, DealType.BUY, DealEntry.INOUT), dividend,
            closing(400, DealType.SELL, DealEntry.OUT_BY),
            closing(0, DealType.BUY, DealEntry.OUT_BY),
        ]
    )  # fmt: skip
    assert (figures.short_trades, figures.long_trades) == (Decimal(2), Decimal(1))
    assert figures.short_trades_won_pct == 50
    assert figures.total_net_profit == Decimal(3)
    assert figures.balance_drawdown_absolute == Decimal(1)


def test_a_tester_counts_the_average_loss_without_opening_costs() -> None:
    """Its own recovery factor and Sharpe ratio need its ticks: unknown, never a wrong figure."""
    summary = Mt5Summary.opened(100000)
    for each in (opening(-300), closing(5000), opening(-300), closing(-1000), closing(-500)):
        summary = summary.add(each)
    terminal, tester = summary.figures(2), summary.tester_figures(2)
    assert (terminal.average_loss_trade, tester.average_loss_trade) == (
        Decimal("-10.5"),
        Decimal("-7.5"),
    )
    same = evolve(
        terminal, average_loss_trade=Decimal("-7.5"), recovery_factor=None, sharpe_ratio=None
    )
    assert tester == same


def test_without_trades_every_figure_is_zero() -> None:
    """An empty history and a lone deposit print zeros, as do returns that do not vary."""
    for deals in ([], [cash(100000)]):
        assert set(asdict(summed(deals)).values()) == {Decimal(0)}
    assert summed([cash(100000), closing(100)]).sharpe_ratio == 0
    assert summed([closing(100), closing(-100)], opened=-100).balance_drawdown_maximal_pct == 0


def test_yen_figures_have_no_decimals() -> None:
    """Money is in whole units of the currency, ratios are not rounded."""
    summary = Mt5Summary.opened(3000000)
    for result in (100, 200, -50, 7):
        summary = summary.add(closing(result))
    figures = summary.figures(0)
    assert (str(figures.gross_profit), str(figures.expected_payoff)) == ("307", "64.25")


results = st.integers(-10_000, 10_000)
trading = st.lists(
    st.one_of(
        st.builds(closing, results, st.sampled_from([DealType.BUY, DealType.SELL])),
        st.builds(opening, st.integers(-300, 0)),
        st.builds(cash, results, st.just(DealType.DIVIDEND)),
    ),
    max_size=30,
)


@given(trading)
def test_parts_add_up_to_their_wholes(deals: list[Deal]) -> None:
    """Net = profit + loss, and trades = won + lost = short + long."""
    figures = summed([cash(1_000_000), *deals])
    assert figures.total_net_profit == figures.gross_profit + figures.gross_loss
    assert figures.total_trades == figures.profit_trades + figures.loss_trades
    assert figures.total_trades == figures.short_trades + figures.long_trades
    assert (
        figures.total_net_profit
        == Decimal(sum(each.amount for each in deals if each.is_trade)) / 100
    )


@given(trading, st.randoms(use_true_random=False))
def test_sums_and_counts_do_not_hang_on_the_order(deals: list[Deal], random: object) -> None:
    """Only drawdowns, returns and runs know an order."""
    shuffled = list(deals)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    loose = (
        "total_net_profit", "gross_profit", "gross_loss", "profit_factor", "expected_payoff",
        "total_trades", "short_trades", "short_trades_won_pct", "long_trades",
        "long_trades_won_pct", "profit_trades", "loss_trades", "largest_profit_trade",
        "largest_loss_trade", "average_profit_trade", "average_loss_trade",
    )  # fmt: skip
    one, other = summed([cash(1_000_000), *deals]), summed([cash(1_000_000), *shuffled])
    assert all(getattr(one, name) == getattr(other, name) for name in loose)


@given(trading, st.lists(st.tuples(st.integers(0, 30), results), max_size=5))
def test_deposits_while_trading_change_no_figure(
    deals: list[Deal], flows: list[tuple[int, int]]
) -> None:
    """Deposits and withdrawals after the first trade leave every figure as it was."""
    deals = [cash(1_000_000), opening(), *deals]
    with_flows = list(deals)
    for place, amount in flows:
        with_flows.insert(2 + place, cash(amount))
    assert summed(with_flows) == summed(deals)


@given(trading)
def test_figures_equal_a_plain_count(deals: list[Deal]) -> None:
    """Drawdowns, runs and Sharpe as written down in RULES 8, over whole lists."""
    curve = [1_000_000]
    for each in deals:
        curve.append(curve[-1] + each.amount)
    closed = [
        (each.amount, before)
        for each, before in zip(deals, curve, strict=False)
        if each.is_trade and each.entry is not DealEntry.IN
    ]
    figures = summed([cash(1_000_000), *deals])
    falls = [(max(curve[: i + 1]) - value, max(curve[: i + 1])) for i, value in enumerate(curve)]
    assert figures.balance_drawdown_maximal == Decimal(max(fall for fall, _ in falls)) / 100
    assert figures.balance_drawdown_absolute == Decimal(1_000_000 - min(curve)) / 100
    steepest: Fraction = max(Fraction(100 * fall, peak) for fall, peak in falls)
    assert abs(Fraction(figures.balance_drawdown_relative_pct) - steepest) < Fraction(1, 10**25)
    runs = [list(run) for _, run in groupby([v for v, _ in closed], key=lambda value: value >= 0)]
    won = [(len(run), sum(run)) for run in runs if run[0] >= 0]
    longest = max(won, default=(0, 0))
    assert figures.maximum_consecutive_wins == longest[0]
    assert figures.maximum_consecutive_wins_amount == Decimal(longest[1]) / 100
    assert figures.maximal_consecutive_profit == Decimal(max((s for _, s in won), default=0)) / 100
    returns = [Fraction(value, before) for value, before in closed]
    total = sum(returns, Fraction(0))
    spread = len(returns) * sum((r * r for r in returns), Fraction(0)) - total**2
    assert figures.sharpe_ratio is not None
    if spread:
        squared = total**2 / spread
        assert abs(Fraction(figures.sharpe_ratio) ** 2 - squared) < Fraction(1, 10**9) * squared
    else:
        assert figures.sharpe_ratio == 0


def test_a_fold_can_be_stopped_and_asked_at_any_time() -> None:
    """Figures asked for between deals change nothing; the state is a plain value."""
    first = Mt5Summary.opened().add(cash(1000)).add(closing(10))
    before = first.figures(2)
    assert first.add(closing(-5)).figures(2) != before
    assert first.figures(2) == before
    assert evolve(first) == first
