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
