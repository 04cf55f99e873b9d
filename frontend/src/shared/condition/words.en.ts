const en = {
  breached_daily: "The daily loss limit was broken.",
  breached_overall: "The overall loss limit was broken.",
  breached_other: "A rule of the plan was broken.",
  passed: "All objectives of this phase are met.",
  deactivated: "This account is no longer watched. Its history stays readable.",
  credentials_rejected: "The broker refused the password, so nothing is watched. Enter the new investor password.",
  connecting: "Connecting to the broker. Figures appear in a moment.",
  history_loading: "The history is being read. Rules are judged once it is complete.",
  backoff: "The broker does not answer. Trying again.",
  unreconciled: "The balance and the history differ. They are being read again.",
  needs_operator: "Our support is looking at this account.",
  paused: "Watching is paused by our support.",
  quarantined: "Watching is on hold. Our support has been told.",
  update_password: "Update the password",
} as const;

export default en;
