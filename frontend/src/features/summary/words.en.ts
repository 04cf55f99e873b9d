const en = {
  title: "At a glance",
  balance: "Balance",
  equity: "Equity",
  floating: "Open result",
  change: "Change since the start",
  win_rate: "Win rate",
  closed: { one: "of {count} closed position", other: "of {count} closed positions" },
  open: { one: "{count} open position", other: "{count} open positions" },
  initial: "Started with {amount}",
  credit: "Credit {amount}",
  free_margin: "Free margin {amount}",
} as const;

export default en;
