import { type ComponentType, lazy, type LazyExoticComponent } from "react";

import type { AccountView } from "@/shared/account";

type Section = LazyExoticComponent<ComponentType<AccountView>>;

/**
 * The sections of the account page in their order, each a feature of its own behind a lazy import.
 *
 * Each is rendered behind its own error boundary and with its own Suspense; a section that has
 * nothing to say for an account renders null. `room` is about its height, kept while its code is
 * on the way, so that nothing below moves.
 */
export const sections: readonly { readonly name: string; readonly room: string; readonly Section: Section }[] = [
  { name: "objectives", room: "h-[28rem]", Section: lazy(() => import("@/features/objectives")) },
  { name: "summary", room: "h-48", Section: lazy(() => import("@/features/summary")) },
  { name: "resetPreview", room: "h-60", Section: lazy(() => import("@/features/resetPreview")) },
  { name: "chart", room: "h-[46rem]", Section: lazy(() => import("@/features/chart")) },
  { name: "calendar", room: "h-[42rem]", Section: lazy(() => import("@/features/calendar")) },
  { name: "positions", room: "h-40", Section: lazy(() => import("@/features/positions")) },
  { name: "statistics", room: "h-[44rem]", Section: lazy(() => import("@/features/statistics")) },
  { name: "mt5Summary", room: "h-[26rem]", Section: lazy(() => import("@/features/mt5Summary")) },
  { name: "violations", room: "h-40", Section: lazy(() => import("@/features/violations")) },
];
