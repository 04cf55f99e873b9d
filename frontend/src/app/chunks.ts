import { addressOf } from "@/config/paths";

/** The code of each page: fetched when it is first shown, or before that by whoever knows that it will be. */
export const chunks = {
  overview: () => import("@/features/overview"),
  account: () => import("@/features/account"),
  trades: () => import("@/features/trades"),
  settings: () => import("@/features/settings"),
  violation: () => import("@/features/violation"),
} as const;

/** Fetches the code of the page at this address. */
export function chunkOf(hash: string): Promise<unknown> {
  const { account, page } = addressOf(hash);
  if (account === null) return chunks.overview();
  if (page === "trades" || page === "settings") return chunks[page]();
  return page === "violations" ? chunks.violation() : chunks.account();
}
