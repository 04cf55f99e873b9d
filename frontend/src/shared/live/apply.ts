import type { QueryClient } from "@tanstack/react-query";

import { keys } from "../api/keys";
import type { Schemas, Summary } from "../api/types";
import { learnServerTime } from "../time/clock";

/** Whether `next` may replace `known`: never an older rev, never another life's beside it. */
export function isNewer(known: Pick<Summary, "rev" | "instance_id" | "server_now"> | undefined, next: Summary): boolean {
  if (known === undefined) return true;
  if (known.instance_id !== next.instance_id) return known.server_now < next.server_now;
  return next.rev > known.rev || (next.rev === known.rev && next.server_now > known.server_now);
}

/** Puts live summaries where the pages read them: the account's own, and the list of all. */
export function applySummaries(client: QueryClient, summaries: readonly Summary[]): void {
  const news = new Map<string, Summary>();
  for (const next of summaries) {
    learnServerTime(next.server_now);
    news.set(next.account_id, next);
    client.setQueryData<Summary>(keys.part(next.account_id, "summary"), (known) =>
      isNewer(known, next) ? next : known,
    );
  }
  client.setQueryData<Schemas["AccountList"]>(keys.accounts, (list) => {
    if (list === undefined) return list;
    const accounts = list.accounts.map((item) => {
      const next = news.get(item.account_id);
      return next !== undefined && isNewer(item.summary, next) ? { ...item, summary: next } : item;
    });
    return { ...list, accounts };
  });
}
