import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { keys, unwrap, useClient } from "../api";
import { usePollInterval } from "../api/polling";

/** GET /api/account/{id}/rules: every rule as it stands, violations and discrepancies. */
export function useRules(id: string, instance: string | null) {
  const client = useClient();
  return useQuery({
    queryKey: keys.part(id, "rules", instance),
    queryFn: async ({ signal }) => {
      const params = { path: { account_id: id }, query: { instance } };
      return unwrap(await client.GET("/api/account/{account_id}/rules", { params, signal }));
    },
    refetchInterval: usePollInterval(),
    placeholderData: keepPreviousData,
  });
}
