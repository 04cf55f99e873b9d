import { useSyncExternalStore } from "react";

import { halfMinutes, seconds } from "./clock";

/** Server time in milliseconds, renewed each second (or half minute); it rests in a hidden tab. */
export function useNow(every: "second" | "half-minute" = "second"): number {
  const ticker = every === "second" ? seconds : halfMinutes;
  return useSyncExternalStore(ticker.subscribe, ticker.read);
}
