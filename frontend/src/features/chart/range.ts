/** How far back the chart looks. */
export type Range = "1d" | "7d" | "30d" | "all";

export const ranges: readonly Range[] = ["1d", "7d", "30d", "all"];

const SECOND = 1_000;
const DAY = 86_400 * SECOND;
const POINTS = 720;
const SPANS: Readonly<Record<Exclude<Range, "all">, number>> = { "1d": DAY, "7d": 7 * DAY, "30d": 30 * DAY };
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400].map((s) => s * SECOND);

export interface Span {
  readonly from: string;
  readonly to: string;
  readonly points: number;
}

/** The instants of a range up to its end (now, or where a life ended); `all` begins with the life's first rule day, at least a day ago. */
export function spanOf(range: Range, end: number, began: string | undefined): Span {
  const first = range === "all" ? Math.min(Date.parse(began ?? ""), end - DAY) : end - SPANS[range];
  const from = Number.isNaN(first) ? end - DAY : first;
  return { from: new Date(from).toISOString(), to: new Date(end).toISOString(), points: POINTS };
}

/** Milliseconds of one slot of the time axis: a round span, at most some hundreds of slots. */
export function stepOf(fromMs: number, toMs: number): number {
  const wanted = (toMs - fromMs) / POINTS;
  return STEPS.find((step) => step >= wanted) ?? Math.ceil(wanted / DAY) * DAY;
}
