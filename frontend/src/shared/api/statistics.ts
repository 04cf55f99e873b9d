import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { unwrap } from "./client";
import { keys } from "./keys";
import { usePollInterval } from "./polling";
import { useClient } from "./services";

/** GET /api/account/{id}/statistics: of the whole life, with the terminal's own set beside it. */
export function useStatistics(id: string, instance: string | null) {
  const client = useClient();
  return useQuery({
    queryKey: keys.part(id, "statistics", instance),
    queryFn: async ({ signal }) => {
      const params = { path: { account_id: id }, query: { instance } };
      return unwrap(await client.GET("/api/account/{account_id}/statistics", { params, signal }));
    },
    refetchInterval: usePollInterval(),
    placeholderData: keepPreviousData,
  });
}
