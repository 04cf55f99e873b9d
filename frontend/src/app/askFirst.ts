import type { QueryClient } from "@tanstack/react-query";

import type { Client } from "@/shared/api";
import { accountsQuery, summaryQuery } from "@/shared/api/accounts";
import { rulesQuery } from "@/shared/rules/useRules";

import { chunks } from "./chunks";

/** Whoever shows it asks again, and tells what is wrong. */
const early = (work: Promise<unknown>): void => void work.catch(() => undefined);

const ACCOUNT = /^#\/account\/([^/?]+)(\/\w+)?/;

/**
 * Asks for the code and the first figures of the page that was opened before anything is drawn: else
 * they would be asked for one after the other, each by what the one before it has drawn.
 */
export function askFirst(queries: QueryClient, client: Client, hash: string): void {
  const [, encoded, deeper] = ACCOUNT.exec(hash) ?? [];
  if (encoded !== undefined) {
    const id = decodeURIComponent(encoded);
    early(queries.query(summaryQuery(client, id, null)));
    if (deeper === undefined) early(queries.query(rulesQuery(client, id, null)));
  }
  early(queries.query(accountsQuery(client)));
  const page = encoded === undefined ? chunks.overview : deeper === undefined ? chunks.account : deeper === "/trades" ? chunks.trades : chunks.settings;
  early(page());
}
