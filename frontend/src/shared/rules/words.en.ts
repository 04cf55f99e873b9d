const en = {
  daily_loss: "Daily loss",
  overall_loss: "Overall loss",
  profit_target: "Profit target",
  minimum_trading_days: "Trading days",
  consistency: "Consistency",
  max_lots: "Lots at most",
  max_positions: "Open positions at most",
  stop_loss_within: "Stop-loss in time",
  minimum_holding_time: "Holding time at least",
  weekend_flat: "No position over the weekend",
  inactivity: "Inactivity",
  lifetime: "Time of the account",
  not_proven: "Not proven",
  lots: { one: "{count} lot", other: "{count} lots" },
  positions: { one: "{count} position", other: "{count} positions" },
  days: { one: "{count} day", other: "{count} days" },
} as const;

export default en;
