import type { QueryClient } from "@tanstack/react-query";

import { addressOf } from "@/config/paths";
import type { Client } from "@/shared/api";
import { accountsQuery, summaryQuery } from "@/shared/api/accounts";
import { rulesQuery } from "@/shared/rules/useRules";

/** Whoever shows it asks again, and tells what is wrong. */
const early = (work: Promise<unknown>): void => void work.catch(() => undefined);

/**
 * Asks for the first figures of the page that was opened before anything is drawn: else
 * they would be asked for one after the other, each by what the one before it has drawn.
 */
export function askFirst(queries: QueryClient, client: Client, hash: string): void {
  const { account, page } = addressOf(hash);
  if (account !== null) {
    const id = decodeURIComponent(account);
    early(queries.query(summaryQuery(client, id, null)));
    if (page === "") early(queries.query(rulesQuery(client, id, null)));
  }
  early(queries.query(accountsQuery(client)));
}
