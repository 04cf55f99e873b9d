const en = {
  title: "Violations",
  hint: "What was recorded, with its proof",
  none: "No violation",
  none_text: "Every limit has held so far.",
  evidence: "Evidence: {rule}, {at}",
  at_floor: "{value} at a limit of {floor}",
  overridden: "Decided by staff",
  discrepancies: "Later facts that disagree",
  discrepancies_hint: "No verdict changes silently: a person looks at these.",
  deal_changed: "Deal {subject} was changed",
  deal_gone: "Deal {subject} was taken back",
  deal_late: "Deal {subject} came late",
  initial_balance: "The initial balance was changed",
  verdict_missing: "By later facts a verdict is missing: {subject}",
  verdict_unfounded: "By later facts a verdict is unfounded: {subject}",
  noticed: "Noticed {at}",
  more: "Show all {count}",
} as const;

export default en;
