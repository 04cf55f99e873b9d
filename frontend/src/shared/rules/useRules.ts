import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";

import { type Client, keys, type Schemas, unwrap, useClient } from "../api";
import { usePollInterval } from "../api/polling";

/** GET /api/account/{id}/rules. */
export const rulesQuery = (client: Client, id: string, instance: string | null) =>
  queryOptions({
    queryKey: keys.part(id, "rules", instance),
    queryFn: async ({ signal }): Promise<Schemas["RulesReply"]> => {
      const params = { path: { account_id: id }, query: { instance } };
      return unwrap(await client.GET("/api/account/{account_id}/rules", { params, signal }));
    },
  });

/** Every rule as it stands, violations and discrepancies. */
export function useRules(id: string, instance: string | null) {
  return useQuery({ ...rulesQuery(useClient(), id, instance), refetchInterval: usePollInterval(), placeholderData: keepPreviousData });
}
