"""The statistics of a life."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from web.schemas.base import Reply


class FiguresItem(Reply, frozen=True, kw_only=True):
    """Figures over closed positions; null where there is nothing to divide by.

    ``win_rate`` is wins ÷ closed positions, ``win_rate_decided`` wins ÷ (wins + losses), 0-100.
    ``profit_factor`` is null without losses (∞ when there are wins) and without trades; ``rrr`` is
    average win ÷ |average loss|. Averages have four decimals more than the currency.
    """

    closed: int
    wins: int
    losses: int
    breakeven: int
    win_rate: Decimal | None
    win_rate_decided: Decimal | None
    gross_profit: Decimal
    gross_loss: Decimal
    net: Decimal
    profit_factor: Decimal | None
    expectancy: Decimal | None
    average_win: Decimal | None
    average_loss: Decimal | None
    rrr: Decimal | None
    best: Decimal | None
    worst: Decimal | None
    average_hold_seconds: Decimal | None


class GroupItem(Reply, frozen=True, kw_only=True):
    """One group, such as the symbol ``EURUSD`` or the hour ``09``."""

    name: str
    figures: FiguresItem


class StreakItem(Reply, frozen=True, kw_only=True):
    """Closed positions of one outcome in a row, and their sum: won when above 0."""

    count: int
    amount: Decimal


class StreaksItem(Reply, frozen=True, kw_only=True):
    """The present streak and the longest ones; a breakeven ends a streak."""

    now: StreakItem
    longest_wins: StreakItem
    longest_losses: StreakItem


class PositionsItem(Reply, frozen=True, kw_only=True):
    """Closed positions, all and in groups; empty groups are left out.

    Weekday and hour are those of the close: the weekday of the rule day that holds it, the hour on
    the wall clock in ``zone``. Durations run from the first opening to the last close.
    """

    all: FiguresItem
    median_hold_seconds: Decimal | None
    streaks: StreaksItem
    by_symbol: list[GroupItem]
    by_side: list[GroupItem]
    by_weekday: list[GroupItem]
    by_hour: list[GroupItem]
    by_duration: list[GroupItem]


class GrowthItem(Reply, frozen=True, kw_only=True):
    """Growth without flows, percentages 0-100.

    ``gain_pct`` is time-weighted on equity, cut at each flow; ``equity_drawdown_pct`` is its
    largest fall between resets, flows and now. ``balance_*`` are on the closed balance, exact at
    each deal. ``sharpe`` and ``sortino`` are null under 30 ``daily_returns``. ``proven`` is false
    where positions floated unseen at a flow.
    """

    gain_pct: Decimal | None
    equity_drawdown_pct: Decimal | None
    balance_gain_pct: Decimal | None
    balance_drawdown_pct: Decimal | None
    balance_drawdown: Decimal | None
    recovery_factor: Decimal | None
    sharpe: Decimal | None
    sortino: Decimal | None
    daily_returns: int
    proven: bool


class CoverageItem(Reply, frozen=True, kw_only=True):
    """Seconds of a rule day by how they are known."""

    flat_seconds: float
    reconstructed_seconds: float
    sampled_seconds: float
    unknown_seconds: float


class DayItem(Reply, frozen=True, kw_only=True):
    """One rule day; ``equity_result`` is null while the equity at one of its ends is unknown."""

    date: date
    closed_result: Decimal
    equity_result: Decimal | None
    flows: Decimal
    opened: int
    closed: int
    unproven: bool
    coverage: CoverageItem


class Mt5SummaryItem(Reply, frozen=True, kw_only=True):
    """The terminal's own "Trade History Report" set, unrounded: here a trade is a closing deal."""

    total_net_profit: Decimal
    gross_profit: Decimal
    gross_loss: Decimal
    profit_factor: Decimal
    expected_payoff: Decimal
    recovery_factor: Decimal | None
    sharpe_ratio: Decimal | None
    balance_drawdown_absolute: Decimal
    balance_drawdown_maximal: Decimal
    balance_drawdown_maximal_pct: Decimal
    balance_drawdown_relative: Decimal
    balance_drawdown_relative_pct: Decimal
    total_trades: Decimal
    short_trades: Decimal
    short_trades_won_pct: Decimal
    long_trades: Decimal
    long_trades_won_pct: Decimal
    profit_trades: Decimal
    profit_trades_pct: Decimal
    loss_trades: Decimal
    loss_trades_pct: Decimal
    largest_profit_trade: Decimal
    largest_loss_trade: Decimal
    average_profit_trade: Decimal
    average_loss_trade: Decimal
    maximum_consecutive_wins: Decimal
    maximum_consecutive_wins_amount: Decimal
    maximum_consecutive_losses: Decimal
    maximum_consecutive_losses_amount: Decimal
    maximal_consecutive_profit: Decimal
    maximal_consecutive_profit_count: Decimal
    maximal_consecutive_loss: Decimal
    maximal_consecutive_loss_count: Decimal
    average_consecutive_wins: Decimal
    average_consecutive_losses: Decimal


class StatisticsReply(Reply, frozen=True, kw_only=True):
    """Everything counted by position, and beside it the terminal's own set by deal.

    ``zone`` is that of the plan's reset. ``account_costs`` belong to no position. ``days`` are
    newest first, the one under way included.
    """

    account_id: UUID
    instance_id: UUID
    rev: int
    stale: bool
    currency: str | None
    currency_digits: int | None
    zone: str
    positions: PositionsItem
    account_costs: Decimal
    growth: GrowthItem
    days: list[DayItem]
    mt5_summary: Mt5SummaryItem
