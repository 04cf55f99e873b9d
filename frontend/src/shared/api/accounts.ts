import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";

import { learnServerTime } from "../time/clock";
import { type Client, unwrap } from "./client";
import { keys } from "./keys";
import { usePollInterval } from "./polling";
import { useClient } from "./services";
import type { Schemas, Summary } from "./types";

type AccountList = Schemas["AccountList"];

/** GET /api/accounts. */
export const accountsQuery = (client: Client) =>
  queryOptions({
    queryKey: keys.accounts,
    queryFn: async ({ signal }): Promise<AccountList> => {
      const list = unwrap(await client.GET("/api/accounts", { signal }));
      learnServerTime(list.server_now);
      return list;
    },
  });

/** All accounts of the reader, each with its summary; asked for again and again. */
export function useAccounts() {
  return useQuery({ ...accountsQuery(useClient()), refetchInterval: usePollInterval() });
}

/** What `select` reads of the list of accounts: whoever shows only that is not drawn anew when another figure moves. */
export function useOfAccounts<T>(select: (list: AccountList) => T): T | undefined {
  return useQuery({ ...accountsQuery(useClient()), select }).data;
}

/** GET /api/account/{id}/summary, of the current instance or an older one. */
export const summaryQuery = (client: Client, id: string, instance: string | null) =>
  queryOptions({
    queryKey: instance === null ? keys.part(id, "summary") : keys.part(id, "summary", instance),
    queryFn: async ({ signal }): Promise<Summary> => {
      const params = { path: { account_id: id }, query: { instance } };
      const summary = unwrap(await client.GET("/api/account/{account_id}/summary", { params, signal }));
      learnServerTime(summary.server_now);
      return summary;
    },
  });

/** An account's summary, which live updates renew too. */
export function useSummary(id: string, instance: string | null = null) {
  return useQuery({ ...summaryQuery(useClient(), id, instance), refetchInterval: usePollInterval(), placeholderData: keepPreviousData });
}
