import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { unwrap } from "./client";
import { keys } from "./keys";
import { useClient } from "./services";
import type { Settings } from "./types";

/** GET …/settings: the reader's settings, stored with the account. `id` null = not yet. */
export function useSettings(id: string | null) {
  const client = useClient();
  return useQuery({
    queryKey: keys.part(id ?? "", "settings"),
    queryFn: async ({ signal }) =>
      unwrap(await client.GET("/api/account/{account_id}/settings", { params: { path: { account_id: id ?? "" } }, signal })),
    enabled: id !== null,
    staleTime: 5 * 60_000,
  });
}

/** PUT …/settings replaces them all; the answer is what is stored now. */
export function useSaveSettings(id: string) {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (settings: Settings) =>
      unwrap(await client.PUT("/api/account/{account_id}/settings", { params: { path: { account_id: id } }, body: settings })),
    onSuccess: (stored) => queries.setQueryData(keys.part(id, "settings"), stored),
  });
}
