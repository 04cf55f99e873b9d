import { useQuery } from "@tanstack/react-query";

import { keys, type Schemas, unwrap, useClient } from "@/shared/api";

export type Deal = Schemas["DealItem"];

/** GET …/trades/{ticket}/deals: what a trade is made of. `count` asks anew when a deal was added. */
export function useDeals(id: string, ticket: string, instance: string | null, count: number) {
  const client = useClient();
  return useQuery({
    queryKey: keys.part(id, "deals", ticket, instance, count),
    queryFn: async ({ signal }) => {
      const query = instance === null ? {} : { instance };
      const params = { path: { account_id: id, ticket }, query };
      return unwrap(await client.GET("/api/account/{account_id}/trades/{ticket}/deals", { params, signal }));
    },
  });
}
