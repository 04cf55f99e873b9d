import { useEffect, useRef, useState } from "react";

import { type Schemas, useClient, useOfAccounts } from "@/shared/api";

import type { Announcer } from "./announcer";

const AGAIN_MS = 5_000; // after a fault, while nothing else wakes us

const outcomesOf = (list: Schemas["AccountList"]) =>
  list.accounts.map((one) => ({ id: one.account_id, instance: one.instance_id, outcome: one.summary.outcome }));

/**
 * Tells a breach that polling found: the socket may have been away when it happened. The announcer
 * knows violations that it has told already.
 */
export function useOutcomeWatch(announcer: Announcer, againMs = AGAIN_MS): void {
  const client = useClient();
  const outcomes = useOfAccounts(outcomesOf);
  const known = useRef(new Map<string, string>());
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    for (const { id, instance, outcome } of outcomes ?? []) {
      const key = `${id} ${instance}`;
      const before = known.current.get(key);
      known.current.set(key, outcome);
      if (before !== "running" || outcome !== "breached") continue;
      const params = { path: { account_id: id } };
      const asked = client.GET("/api/account/{account_id}/rules", { params }).then(({ data }) => {
        if (data === undefined) throw new TypeError("no rules"); // a refusal, told by the status
        const breach = data.violations.find((one) => one.severity === "breach" && one.is_primary);
        if (breach !== undefined) announcer.tell(breach);
      });
      asked.catch(() => {
        known.current.set(key, before);
        setTimeout(() => setAttempt((count) => count + 1), againMs);
      });
    }
  }, [outcomes, announcer, client, attempt, againMs]);
}
