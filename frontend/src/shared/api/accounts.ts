import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { learnServerTime } from "../time/clock";
import { unwrap } from "./client";
import { keys } from "./keys";
import { usePollInterval } from "./polling";
import { useClient } from "./services";

/** GET /api/accounts: all accounts of the reader, each with its summary. */
export function useAccounts() {
  const client = useClient();
  return useQuery({
    queryKey: keys.accounts,
    queryFn: async ({ signal }) => {
      const list = unwrap(await client.GET("/api/accounts", { signal }));
      learnServerTime(list.server_now);
      return list;
    },
    refetchInterval: usePollInterval(),
  });
}

/** GET /api/account/{id}/summary, of the current instance or an older one. */
export function useSummary(id: string, instance: string | null = null) {
  const client = useClient();
  return useQuery({
    queryKey: instance === null ? keys.part(id, "summary") : keys.part(id, "summary", instance),
    queryFn: async ({ signal }) => {
      const params = { path: { account_id: id }, query: { instance } };
      const summary = unwrap(await client.GET("/api/account/{account_id}/summary", { params, signal }));
      learnServerTime(summary.server_now);
      return summary;
    },
    refetchInterval: usePollInterval(),
    placeholderData: keepPreviousData,
  });
}
