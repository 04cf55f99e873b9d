import { offsetMinutes } from "@/shared/time/shift";

import type { Picture } from "../curve";
import { stepOf } from "../range";

/**
 * The time axis as slots of equal length: the library sets its points at equal distances, so only
 * a full row of slots keeps time linear and leaves a gap as wide as it was.
 */
export interface Grid {
  readonly start: number;
  readonly step: number;
  readonly slots: number;
  /** What is added to an instant so that the library's days begin at the reader's midnight. */
  readonly shift: number;
}

export function gridOf({ from, to }: Pick<Picture, "from" | "to">, zone: string): Grid {
  const step = stepOf(from, to);
  const start = Math.floor(from / step) * step;
  return { start, step, slots: Math.max(2, Math.ceil((to - start) / step) + 1), shift: offsetMinutes(zone, to) * 60_000 };
}

/** The library's time (seconds) of a slot, and the instant of such a time. */
export const slotTime = (grid: Grid, slot: number): number => (grid.start + slot * grid.step + grid.shift) / 1_000;
export const instantOf = (grid: Grid, time: number): number => time * 1_000 - grid.shift;

/** Equity by slot: the last reading in each; null where there is none. */
export function slotValues(picture: Picture, grid: Grid): readonly (number | null)[] {
  const values = new Array<number | null>(grid.slots).fill(null);
  for (const run of picture.runs) {
    for (const point of run) {
      const slot = Math.round((point.at - grid.start) / grid.step);
      if (slot >= 0 && slot < grid.slots) values[slot] = point.equity;
    }
  }
  return values;
}
