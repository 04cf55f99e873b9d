import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { keys, type Schemas, unwrap, useClient } from "@/shared/api";

export type SparkPoint = Schemas["SparkPoint"];

/** GET /api/accounts/sparklines: the last week's equity of at most 50 accounts, in one request. */
export function useSparklines(ids: readonly string[]) {
  const client = useClient();
  const accounts = [...ids].sort().join(",");
  return useQuery({
    queryKey: [...keys.accounts, "sparklines", accounts],
    queryFn: async ({ signal }) => {
      const reply = unwrap(await client.GET("/api/accounts/sparklines", { params: { query: { accounts } }, signal }));
      return new Map(reply.sparklines.map((item) => [item.account_id, item.points]));
    },
    enabled: ids.length > 0,
    staleTime: 5 * 60_000,
    placeholderData: keepPreviousData,
    refetchInterval: 5 * 60_000,
  });
}
