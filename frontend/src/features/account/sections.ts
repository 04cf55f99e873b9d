import { type ComponentType, lazy, type LazyExoticComponent } from "react";

import type { AccountView } from "@/shared/account";

type Section = LazyExoticComponent<ComponentType<AccountView>>;

/**
 * The sections of the account page in their order, each a feature of its own behind a lazy import.
 *
 * Each is rendered behind its own error boundary and with its own Suspense; a section that has
 * nothing to say for an account renders null.
 */
export const sections: readonly { readonly name: string; readonly Section: Section }[] = [
  { name: "objectives", Section: lazy(() => import("@/features/objectives")) },
  { name: "summary", Section: lazy(() => import("@/features/summary")) },
  { name: "resetPreview", Section: lazy(() => import("@/features/resetPreview")) },
  { name: "chart", Section: lazy(() => import("@/features/chart")) },
  { name: "calendar", Section: lazy(() => import("@/features/calendar")) },
  { name: "positions", Section: lazy(() => import("@/features/positions")) },
  { name: "statistics", Section: lazy(() => import("@/features/statistics")) },
  { name: "mt5Summary", Section: lazy(() => import("@/features/mt5Summary")) },
  { name: "violations", Section: lazy(() => import("@/features/violations")) },
];
