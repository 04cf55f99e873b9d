import { hashKey, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { summaryQuery } from "./accounts";
import { keys } from "./keys";
import { useClient } from "./services";
import type { Summary } from "./types";

const REST_MS = 1_500; // a commit is seldom alone
const APART_MS = 5_000; // a busy account may commit four times a second; its lists need not follow each

/** Follows the revs of a summary in the cache and renews the parts some time after a newer one; returns the end of it. */
export function follow(queries: QueryClient, summary: readonly unknown[], renew: () => void): () => void {
  const hash = hashKey(summary);
  const revOf = (): number | undefined => queries.getQueryData<Summary>(summary)?.rev;
  let seen = revOf();
  let renewedAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const stop = queries.getQueryCache().subscribe(({ query }) => {
    const rev = query.queryHash === hash ? revOf() : seen;
    if (rev === seen) return;
    const first = seen === undefined; // the first summary came with the first parts
    seen = rev;
    if (first || timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      renewedAt = Date.now();
      renew();
    }, Math.max(REST_MS, renewedAt + APART_MS - Date.now()));
  });
  return () => {
    stop();
    if (timer !== null) clearTimeout(timer);
  };
}

/** Asks anew for parts of an account (their last word of the path) when its summary shows a newer commit. */
export function useFollowing(id: string, instance: string | null, ...parts: readonly string[]): void {
  const queries = useQueryClient();
  const client = useClient();
  const list = parts.join();
  useEffect(
    () =>
      follow(queries, summaryQuery(client, id, instance).queryKey, () => {
        for (const part of list.split(",")) void queries.invalidateQueries({ queryKey: keys.part(id, part) });
      }),
    [queries, client, id, instance, list],
  );
}
