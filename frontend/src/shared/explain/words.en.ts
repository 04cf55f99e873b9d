const en = {
  why: "Explain {label}",
  inputs: "What went in",
  unexplained: "This figure has no explanation yet.",
  known_as: "How it is known",
  reading: "Reading of {at}",
  reading_figures: "Balance {balance}, equity {equity}, {count} open positions",
  anchor: "Anchor of {at}",
  anchor_source: "From: {source}",
  deals: { one: "{count} deal, together {amount}", other: "{count} deals, together {amount}" },
  tickets: "Newest: {tickets}",
  older: { one: "and {count} older deal", other: "and {count} older deals" },
  plan: "Plan",
  yes: "yes",
  no: "no",
} as const;

export default en;
