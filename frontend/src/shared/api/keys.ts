/** Query keys: everything of one account lies under `account(id)`, so that one call renews it all. */
export const keys = {
  accounts: ["accounts"] as const,
  account: (id: string) => ["account", id] as const,
  /** `part` is the last word of the endpoint's path (summary, rules, trades …); `rest` its query. */
  part: (id: string, part: string, ...rest: readonly unknown[]) => ["account", id, part, ...rest] as const,
};
