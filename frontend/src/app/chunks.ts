/** The code of each page: fetched when it is first shown, or before that by whoever knows that it will be. */
export const chunks = {
  overview: () => import("@/features/overview"),
  account: () => import("@/features/account"),
  trades: () => import("@/features/trades"),
  settings: () => import("@/features/settings"),
  violation: () => import("@/features/violation"),
} as const;
