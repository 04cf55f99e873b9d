import { type ComponentType, lazy } from "react";

import Objectives from "@/features/objectives";
import ResetPreview from "@/features/resetPreview";
import Summary from "@/features/summary";
import type { AccountView } from "@/shared/account";

interface Part {
  readonly name: string;
  /** About its height, kept while it is on the way, so that nothing below moves. */
  readonly room: string;
  readonly Section: ComponentType<AccountView>;
}

/**
 * The sections of the account page in their order, each a feature of its own.
 *
 * Each is rendered behind its own error boundary and with its own Suspense; a section that has
 * nothing to say for an account renders null. The first ones are what is seen at once: their code
 * comes with the page's, the others' is fetched once those have been drawn.
 */
export const FIRST_SEEN = 3;
export const sections: readonly Part[] = [
  { name: "objectives", room: "h-[28rem]", Section: Objectives },
  { name: "summary", room: "h-48", Section: Summary },
  { name: "resetPreview", room: "h-60", Section: ResetPreview },
  { name: "chart", room: "h-[46rem]", Section: lazy(() => import("@/features/chart")) },
  { name: "calendar", room: "h-[42rem]", Section: lazy(() => import("@/features/calendar")) },
  { name: "positions", room: "h-40", Section: lazy(() => import("@/features/positions")) },
  { name: "statistics", room: "h-[44rem]", Section: lazy(() => import("@/features/statistics")) },
  { name: "mt5Summary", room: "h-[26rem]", Section: lazy(() => import("@/features/mt5Summary")) },
  { name: "violations", room: "h-40", Section: lazy(() => import("@/features/violations")) },
];
