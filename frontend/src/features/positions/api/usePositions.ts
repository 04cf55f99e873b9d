import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { keys, unwrap, useClient, usePollInterval } from "@/shared/api";

/** GET /api/account/{id}/positions: what is open, as the last reading showed it. */
export function usePositions(id: string, instance: string | null) {
  const client = useClient();
  return useQuery({
    queryKey: keys.part(id, "positions", instance),
    queryFn: async ({ signal }) => {
      const params = { path: { account_id: id }, query: { instance } };
      return unwrap(await client.GET("/api/account/{account_id}/positions", { params, signal }));
    },
    refetchInterval: usePollInterval(),
    placeholderData: keepPreviousData,
  });
}
