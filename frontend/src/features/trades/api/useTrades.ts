import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { keys, type Schemas, unwrap, useClient, usePollInterval } from "@/shared/api";
import { usePreferences } from "@/shared/i18n";

import { filtersOf, type View } from "../view";

export type Trade = Schemas["TradeItem"];

/** GET …/trades: a page of trades; the previous page stays while the next one comes. */
export function useTrades(id: string, view: View) {
  const client = useClient();
  const { timeZone } = usePreferences();
  const query = { ...filtersOf(view, timeZone), page: view.page, limit: view.limit };
  return useQuery({
    queryKey: keys.part(id, "trades", query),
    queryFn: async ({ signal }) => {
      const params = { path: { account_id: id }, query };
      return unwrap(await client.GET("/api/account/{account_id}/trades", { params, signal }));
    },
    refetchInterval: usePollInterval(),
    placeholderData: keepPreviousData,
  });
}
