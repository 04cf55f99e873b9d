import { useEffect, useRef } from "react";

import { type Schemas, useClient, useOfAccounts } from "@/shared/api";

import type { Announcer } from "./announcer";

const outcomesOf = (list: Schemas["AccountList"]) =>
  list.accounts.map((one) => ({ id: one.account_id, instance: one.instance_id, outcome: one.summary.outcome }));

/**
 * Tells a breach that polling found: the socket may have been away when it happened. The announcer
 * knows violations that it has told already.
 */
export function useOutcomeWatch(announcer: Announcer): void {
  const client = useClient();
  const outcomes = useOfAccounts(outcomesOf);
  const known = useRef(new Map<string, string>());
  useEffect(() => {
    for (const { id, instance, outcome } of outcomes ?? []) {
      const key = `${id} ${instance}`;
      const before = known.current.get(key);
      known.current.set(key, outcome);
      if (before !== "running" || outcome !== "breached") continue;
      const params = { path: { account_id: id } };
      void client.GET("/api/account/{account_id}/rules", { params }).then(
        ({ data }) => {
          const breach = data?.violations.find((one) => one.severity === "breach" && one.is_primary);
          if (breach !== undefined) announcer.tell(breach);
        },
        () => known.current.set(key, before), // away again: the next poll tries anew
      );
    }
  }, [outcomes, announcer, client]);
}
