import type { Schemas } from "@/shared/api";

import { ACCOUNT, INSTANCE } from "./builders";

/** Figures over closed positions; a test names what it is about. */
export function someFigures(change: Partial<Schemas["FiguresItem"]> = {}): Schemas["FiguresItem"] {
  return {
    ...{ closed: 9, wins: 5, losses: 4, breakeven: 0, win_rate: 55.5556, win_rate_decided: 55.5556 },
    ...{ gross_profit: 1500, gross_loss: -500, net: 1000, profit_factor: 3, expectancy: 111.1111 },
    ...{ average_win: 300, average_loss: -125, rrr: 2.4, best: 700, worst: -250, average_hold_seconds: 3700 },
    ...change,
  };
}

/** One rule day's result, whole and proven. */
export function aDay(date: string, change: Partial<Schemas["DayItem"]> = {}): Schemas["DayItem"] {
  return {
    ...{ date, closed_result: 0, equity_result: 0, flows: 0, opened: 0, closed: 0, unproven: false },
    coverage: { flat_seconds: 80000, reconstructed_seconds: 0, sampled_seconds: 6400, unknown_seconds: 0 },
    ...change,
  };
}

const printed: Schemas["Mt5SummaryItem"] = {
  ...{ total_net_profit: 1000, gross_profit: 1500, gross_loss: -500, profit_factor: 3, expected_payoff: 90.909 },
  ...{ recovery_factor: 2.5, sharpe_ratio: null, balance_drawdown_absolute: 0, balance_drawdown_maximal: 400 },
  ...{ balance_drawdown_maximal_pct: 0.4, balance_drawdown_relative: 400, balance_drawdown_relative_pct: 0.4 },
  ...{ total_trades: 11, short_trades: 5, short_trades_won_pct: 60, long_trades: 6, long_trades_won_pct: 50 },
  ...{ profit_trades: 6, profit_trades_pct: 54.55, loss_trades: 5, loss_trades_pct: 45.45, largest_profit_trade: 700 },
  ...{ largest_loss_trade: -250, average_profit_trade: 250, average_loss_trade: -100, maximum_consecutive_wins: 3 },
  ...{ maximum_consecutive_wins_amount: 900, maximum_consecutive_losses: 2, maximum_consecutive_losses_amount: -300 },
  ...{ maximal_consecutive_profit: 900, maximal_consecutive_profit_count: 3, maximal_consecutive_loss: -300 },
  ...{ maximal_consecutive_loss_count: 2, average_consecutive_wins: 2, average_consecutive_losses: 1 },
};

/** The statistics of a life with a few closed positions. */
export function someStatistics(change: Partial<Schemas["StatisticsReply"]> = {}): Schemas["StatisticsReply"] {
  return {
    ...{ account_id: ACCOUNT, instance_id: INSTANCE, rev: 1, stale: false, currency: "USD", currency_digits: 2 },
    zone: "Asia/Tehran",
    positions: {
      all: someFigures(),
      median_hold_seconds: 1800,
      streaks: { now: { count: 2, amount: 400 }, longest_wins: { count: 3, amount: 900 }, longest_losses: { count: 2, amount: -300 } },
      by_symbol: [{ name: "EURUSD", figures: someFigures() }],
      by_side: [{ name: "buy", figures: someFigures() }],
      by_weekday: [{ name: "monday", figures: someFigures() }],
      by_hour: [{ name: "09", figures: someFigures() }],
      by_duration: [{ name: "15m_to_1h", figures: someFigures() }],
    },
    account_costs: 0,
    growth: {
      ...{ gain_pct: 1.25, equity_drawdown_pct: 0.9, balance_gain_pct: 1, balance_drawdown_pct: 0.4, balance_drawdown: 400 },
      ...{ recovery_factor: 2.5, sharpe: null, sortino: null, daily_returns: 4, proven: true },
    },
    days: [aDay("2026-11-24", { closed_result: 120.5, equity_result: 234.5, opened: 2, closed: 2 }), aDay("2026-11-23")],
    mt5_summary: printed,
    ...change,
  };
}
