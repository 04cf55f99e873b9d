import { useEffect, useRef } from "react";

import { useAccounts, useClient } from "@/shared/api";

import type { Announcer } from "./announcer";

/**
 * Tells a breach that polling found: the socket may have been away when it happened. The announcer
 * knows violations that it has told already.
 */
export function useOutcomeWatch(announcer: Announcer): void {
  const client = useClient();
  const accounts = useAccounts().data?.accounts;
  const known = useRef(new Map<string, string>());
  useEffect(() => {
    for (const { account_id: id, instance_id: instance, summary } of accounts ?? []) {
      const key = `${id} ${instance}`;
      const before = known.current.get(key);
      known.current.set(key, summary.outcome);
      if (before !== "running" || summary.outcome !== "breached") continue;
      const params = { path: { account_id: id } };
      void client.GET("/api/account/{account_id}/rules", { params }).then(
        ({ data }) => {
          const breach = data?.violations.find((one) => one.severity === "breach" && one.is_primary);
          if (breach !== undefined) announcer.tell(breach);
        },
        () => known.current.set(key, before), // away again: the next poll tries anew
      );
    }
  }, [accounts, announcer, client]);
}
