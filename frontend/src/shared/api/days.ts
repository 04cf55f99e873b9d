import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { unwrap } from "./client";
import { keys } from "./keys";
import { usePollInterval } from "./polling";
import { useClient } from "./services";

/** GET /api/account/{id}/days: each loss rule on each rule day, newest first. */
export function useDays(id: string, instance: string | null) {
  const client = useClient();
  return useQuery({
    queryKey: keys.part(id, "days", instance),
    queryFn: async ({ signal }) => {
      const params = { path: { account_id: id }, query: { instance } };
      return unwrap(await client.GET("/api/account/{account_id}/days", { params, signal }));
    },
    refetchInterval: usePollInterval(),
    placeholderData: keepPreviousData,
  });
}
