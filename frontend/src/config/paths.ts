/** Every path of the dashboard, in one place: patterns for the router, functions for links. */
export const patterns = {
  overview: "/",
  account: "/account/:id",
  trades: "/account/:id/trades",
  settings: "/account/:id/settings",
  violation: "/account/:id/violations/:violation",
} as const;

export const paths = {
  overview: (): string => "/",
  account: (id: string): string => `/account/${encodeURIComponent(id)}`,
  trades: (id: string): string => `/account/${encodeURIComponent(id)}/trades`,
  settings: (id: string): string => `/account/${encodeURIComponent(id)}/settings`,
  violation: (id: string, violation: string): string =>
    `/account/${encodeURIComponent(id)}/violations/${encodeURIComponent(violation)}`,
} as const;

/** What an address' hash names before there is a router: the account (still encoded; null = none) and the page below it ("" = its own). */
export function addressOf(hash: string): { readonly account: string | null; readonly page: string } {
  const [, account = null, page = ""] = /^#\/account\/([^/?]+)(?:\/(\w+))?/.exec(hash) ?? [];
  return { account, page };
}
