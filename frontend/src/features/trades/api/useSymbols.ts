import { useQuery } from "@tanstack/react-query";

import { keys, unwrap, useClient } from "@/shared/api";

/** The symbols that an account has closed trades in, from GET …/statistics; empty while unknown. */
export function useSymbols(id: string, instance: string | null): readonly string[] {
  const client = useClient();
  const query = useQuery({
    queryKey: keys.part(id, "statistics", instance),
    queryFn: async ({ signal }) => {
      const params = { path: { account_id: id }, query: { instance } };
      return unwrap(await client.GET("/api/account/{account_id}/statistics", { params, signal }));
    },
    select: ({ positions }) => positions.by_symbol.map(({ name }) => name),
    staleTime: 5 * 60_000,
  });
  return query.data ?? [];
}
