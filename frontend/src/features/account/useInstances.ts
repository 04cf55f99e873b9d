import { useQuery } from "@tanstack/react-query";

import { keys, unwrap, useClient } from "@/shared/api";

/** GET /api/account/{id}/instances: one per set of credentials and life, newest first. */
export function useInstances(id: string) {
  const client = useClient();
  return useQuery({
    queryKey: keys.part(id, "instances"),
    queryFn: async ({ signal }) => {
      const params = { path: { account_id: id } };
      return unwrap(await client.GET("/api/account/{account_id}/instances", { params, signal })).instances;
    },
    staleTime: 60_000,
  });
}
