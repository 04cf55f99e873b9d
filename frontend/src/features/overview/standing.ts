import type { AccountItem, Schemas, Summary } from "@/shared/api";
import type { Tone } from "@/shared/ui";

export type Filter = "all" | "running" | "risk" | "action" | "ended";
export type Sort = "risk" | "equity" | "newest" | "login";

/** The floor that is nearest in money, as the server sent it; null = none is known. */
export interface NearestFloor {
  readonly kind: "daily" | "overall";
  readonly headroom: number;
  readonly usedPct: number | null;
}

/** Picks between the server's two loss figures; it compares them and computes nothing. */
export function nearestFloor(summary: Summary): NearestFloor | null {
  const { dd_daily_headroom: daily, dd_all_time_headroom: overall } = summary;
  if (daily === null && overall === null) return null;
  if (overall === null || (daily !== null && daily <= overall)) {
    return { kind: "daily", headroom: daily ?? 0, usedPct: summary.dd_daily_used_pct };
  }
  return { kind: "overall", headroom: overall, usedPct: summary.dd_all_time_used_pct };
}

/** The colour of a used share: warning from 70, critical from 90 (RULES §2's defaults). */
export function usedTone(percent: number | null): Tone {
  if (percent === null) return "neutral";
  if (percent >= 90) return "crit";
  return percent >= 70 ? "warn" : "ok";
}

const NEEDS_READER: ReadonlySet<Schemas["ConnectionState"]> = new Set(["credentials_rejected"]);

export const isEnded = (item: AccountItem): boolean =>
  item.summary.outcome !== "running" || !item.is_active || item.summary.status === "deactivated";
export const needsReader = (item: AccountItem): boolean => !isEnded(item) && NEEDS_READER.has(item.summary.connection_state);
export const isNearLimit = (item: AccountItem): boolean => !isEnded(item) && item.summary.tier === "breach_risk";

const FILTERS: Readonly<Record<Filter, (item: AccountItem) => boolean>> = {
  all: () => true,
  running: (item) => !isEnded(item),
  risk: isNearLimit,
  action: needsReader,
  ended: isEnded,
};

/** How much an account wants to be seen: first what needs the reader, then by the share used, ended ones last. */
function urgency(item: AccountItem): number {
  if (isEnded(item)) return item.summary.outcome === "breached" ? -1 : -2;
  if (needsReader(item)) return 1_000;
  const used = Math.max(item.summary.dd_daily_used_pct ?? 0, item.summary.dd_all_time_used_pct ?? 0);
  return used + (isNearLimit(item) ? 500 : 0);
}

const SORTS: Readonly<Record<Sort, (one: AccountItem, other: AccountItem) => number>> = {
  risk: (one, other) => urgency(other) - urgency(one),
  equity: (one, other) => (other.summary.equity_current ?? -Infinity) - (one.summary.equity_current ?? -Infinity),
  newest: (one, other) => other.created_at.localeCompare(one.created_at),
  login: () => 0,
};

const byLogin = (one: AccountItem, other: AccountItem): number =>
  one.login.localeCompare(other.login, "en", { numeric: true });

/** The accounts to show, in their order. Equal ones go by login, so that nothing jumps about. */
export function arrange(accounts: readonly AccountItem[], filter: Filter, search: string, sort: Sort): AccountItem[] {
  const wanted = search.trim().toLowerCase();
  return accounts
    .filter((item) => FILTERS[filter](item))
    .filter((item) => `${item.login} ${item.server} ${item.account_type}`.toLowerCase().includes(wanted))
    .sort((one, other) => SORTS[sort](one, other) || byLogin(one, other));
}

export const countOf = (accounts: readonly AccountItem[], filter: Filter): number => accounts.filter(FILTERS[filter]).length;
