const en = {
  title: "After the next reset",
  hint: "If nothing changed until {at}",
  now: "Floor now",
  then: "Floor then",
  headroom: "You would be",
  above: "{amount} above it",
  below: "{amount}: at or below it",
  stops: "If every stop-loss were hit now",
  stops_left: "{amount} left",
  unbounded: "No limit to the loss: at least one position has no stop-loss.",
  unknown: "Cannot be told: what a price step is worth is not known.",
  estimated: "Estimated at today's rates",
  flat: "No open positions.",
  ended: "This account's phase has ended: there is no next reset.",
  none: "This plan has no loss limits.",
} as const;

export default en;
