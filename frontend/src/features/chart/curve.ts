import type { Schemas } from "@/shared/api";

import type { Curve } from "./api/useEquity";

/** A point of the curve; times in milliseconds, amounts only drawn and shown, never reckoned to a verdict. */
export interface Point {
  readonly at: number;
  readonly balance: number;
  readonly equity: number;
  readonly low: number;
  readonly high: number;
}

/** A span without a reading. `known`: its extremes were reconstructed from prices, or nothing was open. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly known: boolean;
}

export interface Step {
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

export type LineKind = "daily" | "overall";

/** The floor of one rule as steps in time. */
export interface FloorLine {
  readonly ruleId: string;
  readonly kind: LineKind;
  readonly steps: readonly Step[];
}

export interface Mark {
  readonly at: number;
  readonly kind: "deposit" | "withdrawal" | "breach" | "warning";
  readonly value: number;
}

/** A balance or equity at a reset, as the day's rules hang from it. */
export interface Anchor {
  readonly at: number;
  readonly value: number;
  readonly grade: string;
  readonly sure: boolean;
}

/** All that is drawn of a span of time. */
export interface Picture {
  readonly from: number;
  readonly to: number;
  /** The observed curve, cut at every gap. */
  readonly runs: readonly (readonly Point[])[];
  /** Before the first reading: what the resets were, joined by a dashed line. */
  readonly past: readonly Anchor[];
  readonly gaps: readonly Gap[];
  readonly floors: readonly FloorLine[];
  readonly anchors: readonly Anchor[];
  readonly marks: readonly Mark[];
  readonly initial: number | null;
}

type Day = Schemas["RuleDayItem"];
type Violation = Schemas["ViolationItem"];

/** What the summary says now; it is drawn behind the curve until the curve itself is read anew. */
export interface Tail {
  readonly at: string | null;
  readonly balance: number | null;
  readonly equity: number | null;
  /** Seconds after which a reading is stale: a longer silence is a gap. */
  readonly promise: number | null;
}

export interface Source {
  readonly curve: Curve;
  readonly tail: Tail | null;
  readonly days: readonly Day[];
  readonly violations: readonly Violation[];
  /** Kind of a rule by its id; what is not named here is told by its name. */
  readonly kinds: ReadonlyMap<string, string>;
  readonly initial: number | null;
}

const SURE: ReadonlySet<string> = new Set(["exact", "observed"]);
const ms = (at: string): number => Date.parse(at);

/** Puts together what is drawn. No line crosses a gap. */
export function pictureOf({ curve, tail, days, violations, kinds, initial }: Source): Picture {
  const from = ms(curve.from_at);
  const known = curve.points.map(({ at, balance, equity, equity_min: low, equity_max: high }): Point => ({ at: ms(at), balance, equity, low, high }));
  const gaps = curve.gaps.map((gap): Gap => ({ from: ms(gap.from_at), to: ms(gap.to_at), known: isKnown(gap, days) }));
  const { points, gaps: withTail } = withNews(known, gaps, tail);
  const to = Math.max(ms(curve.to_at), points.at(-1)?.at ?? 0);
  const kindOf = (id: string): LineKind => ((kinds.get(id) ?? id).includes("daily") ? "daily" : "overall");
  const anchors = anchorsOf(curve, kindOf);
  const first = points[0];
  const earlier = anchors.filter((anchor) => first === undefined || anchor.at < first.at);
  return {
    from,
    to,
    runs: runsOf(points, withTail),
    past: first === undefined || earlier.length === 0 ? earlier : [...earlier, { at: first.at, value: first.balance, grade: "observed", sure: true }],
    gaps: withTail,
    floors: floorsOf(curve, kindOf),
    anchors,
    marks: marksOf(curve, violations, from, to),
    initial,
  };
}

/** The tail of the summary behind the points, joined only if no reading was missed in between. */
function withNews(points: readonly Point[], gaps: readonly Gap[], tail: Tail | null): { points: readonly Point[]; gaps: readonly Gap[] } {
  if (tail === null || tail.at === null || tail.equity === null || tail.balance === null) return { points, gaps };
  const at = ms(tail.at);
  const last = points.at(-1);
  if (last !== undefined && at <= last.at) return { points, gaps };
  const next: Point = { at, balance: tail.balance, equity: tail.equity, low: tail.equity, high: tail.equity };
  const past = gaps.filter((gap) => gap.from < at).map((gap) => (gap.to > at ? { ...gap, to: at } : gap));
  const silent = last !== undefined && tail.promise !== null && at - last.at > tail.promise * 1_000;
  const told = past.some((gap) => last !== undefined && gap.from >= last.at);
  return { points: [...points, next], gaps: silent && !told ? [...past, { from: last.at, to: at, known: false }] : past };
}

function runsOf(points: readonly Point[], gaps: readonly Gap[]): readonly (readonly Point[])[] {
  const runs: Point[][] = [];
  let before: Point | undefined;
  for (const point of points) {
    const since = before?.at;
    const broken = since === undefined || gaps.some((gap) => gap.from >= since && gap.from < point.at);
    if (broken) runs.push([]);
    runs.at(-1)?.push(point);
    before = point;
  }
  return runs;
}

/** A gap whose days hold no unknown second: positions were closed, or prices of the span were read later. */
function isKnown(gap: Curve["gaps"][number], days: readonly Day[]): boolean {
  const touched = days.filter((day) => day.start_at < gap.to_at && day.end_at > gap.from_at);
  return touched.length > 0 && touched.every((day) => day.coverage["unknown_seconds"] === 0);
}

function floorsOf(curve: Curve, kindOf: (id: string) => LineKind): readonly FloorLine[] {
  const lines = new Map<string, Step[]>();
  for (const floor of [...curve.floors].sort((a, b) => ms(a.start_at) - ms(b.start_at))) {
    const steps = lines.get(floor.rule_id) ?? [];
    steps.push({ from: ms(floor.start_at), to: ms(floor.end_at), value: floor.floor });
    lines.set(floor.rule_id, steps);
  }
  return [...lines].map(([ruleId, steps]) => ({ ruleId, kind: kindOf(ruleId), steps }));
}

function anchorsOf(curve: Curve, kindOf: (id: string) => LineKind): readonly Anchor[] {
  const seen = new Map<number, Anchor>();
  for (const { rule_id: id, start_at: at, anchor, anchor_grade: grade } of curve.floors) {
    if (anchor !== null && kindOf(id) === "daily") seen.set(ms(at), { at: ms(at), value: anchor, grade, sure: SURE.has(grade) });
  }
  return [...seen.values()].sort((a, b) => a.at - b.at);
}

function marksOf(curve: Curve, violations: readonly Violation[], from: number, to: number): readonly Mark[] {
  const flows = curve.flows.map(({ at, amount }): Mark => ({ at: ms(at), kind: amount < 0 ? "withdrawal" : "deposit", value: amount }));
  const broken = violations
    .filter((one) => one.unit === "money")
    .map((one): Mark => ({ at: ms(one.occurred_at), kind: one.severity === "breach" ? "breach" : "warning", value: one.current_value }));
  return [...flows, ...broken].filter((mark) => mark.at >= from && mark.at <= to).sort((a, b) => a.at - b.at);
}

/** The floor of a line at an instant; null where the line has none. */
export function floorAt(line: FloorLine, at: number): number | null {
  return line.steps.find((step) => at >= step.from && at < step.to)?.value ?? null;
}

/** What a reader of the curve at an instant sees: a point, a gap, or nothing yet. */
export function nearest(picture: Picture, at: number, within: number): { readonly point: Point | null; readonly gap: Gap | null } {
  let best: Point | null = null;
  for (const run of picture.runs) {
    for (const point of run) if (Math.abs(point.at - at) <= Math.abs((best?.at ?? Infinity) - at)) best = point;
  }
  const near = best !== null && Math.abs(best.at - at) <= within;
  const gap = near ? null : (picture.gaps.find((one) => at >= one.from && at <= one.to) ?? null);
  return { point: near ? best : gap === null ? joined(picture, at) : null, gap };
}

/** The reading before an instant inside a run: equity did not move between two readings of it. */
function joined(picture: Picture, at: number): Point | null {
  const run = picture.runs.find((points) => (points[0]?.at ?? Infinity) <= at && (points.at(-1)?.at ?? -1) >= at);
  return run?.findLast((point) => point.at <= at) ?? null;
}
