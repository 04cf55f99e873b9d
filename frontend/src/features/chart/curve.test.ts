import { describe, expect, it } from "vitest";

import type { Schemas } from "@/shared/api";

import { floorAt, nearest, pictureOf, type Source } from "./curve";

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 24, 10, minute)).toISOString();
const ms = (minute: number): number => Date.parse(at(minute));
const point = (minute: number, equity: number): Schemas["CurvePoint"] => ({ at: at(minute), balance: 100, equity, equity_min: equity - 1, equity_max: equity + 1 });
const day = (unknown: number): Schemas["RuleDayItem"] => ({
  ...{ rule_id: "daily-loss", date: "2026-11-24", revision: 0, start_at: at(0), end_at: at(59), anchor: 100, anchor_grade: "exact" },
  ...{ floor: 95, allowance: 5, worst: 99, used: 0, level: "ok", closed_result: 0, opened: 0, closed: 0, unproven: false },
  coverage: { flat_seconds: 0, reconstructed_seconds: 10, sampled_seconds: 10, unknown_seconds: unknown },
});
const floor = (from: number, to: number, value: number, id = "daily-loss"): Schemas["CurveFloor"] => ({
  ...{ rule_id: id, start_at: at(from), end_at: at(to), floor: value, anchor: 100, anchor_grade: "balance_only" },
});
const source = (curve: Partial<Schemas["EquityCurve"]>, change: Partial<Source> = {}): Source => ({
  curve: { from_at: at(0), to_at: at(50), points: [], gaps: [], floors: [], flows: [], ...curve },
  ...{ tail: null, days: [], violations: [], kinds: new Map(), initial: 100 },
  ...change,
});
const runs = (from: Source): number[][] => pictureOf(from).runs.map((run) => run.map((one) => one.equity));

describe("what nobody saw", () => {
  const points = [point(1, 101), point(2, 102), point(20, 90), point(21, 91)];
  const gap = { from_at: at(2), to_at: at(20) };

  it("is never joined by a line", () => {
    expect(runs(source({ points, gaps: [gap] }))).toEqual([[101, 102], [90, 91]]);
  });

  it("counts as known only where the day has no unknown second", () => {
    const known = (unknown: number): boolean | undefined => pictureOf(source({ points, gaps: [gap] }, { days: [day(unknown)] })).gaps[0]?.known;
    expect(known(0)).toBe(true);
    expect(known(1)).toBe(false);
    expect(pictureOf(source({ points, gaps: [gap] })).gaps[0]?.known).toBe(false);
  });

  it("has no figure under the crosshair", () => {
    const picture = pictureOf(source({ points, gaps: [gap] }));
    expect(nearest(picture, ms(10), 60_000)).toMatchObject({ point: null, gap: { known: false } });
    expect(nearest(picture, ms(20), 60_000).point?.equity).toBe(90);
    expect(nearest(picture, ms(49), 60_000)).toEqual({ point: null, gap: null });
  });
});

describe("the live tail", () => {
  const tail = (minute: number, promise = 60): Source["tail"] => ({ at: at(minute), balance: 100, equity: 77, promise });

  it("goes on from the newest point without a new request", () => {
    expect(runs(source({ points: [point(1, 101)] }, { tail: tail(2) }))).toEqual([[101, 77]]);
  });

  it("leaves a gap after a silence longer than the promise", () => {
    const picture = pictureOf(source({ points: [point(1, 101)] }, { tail: tail(5) }));
    expect(picture.runs).toHaveLength(2);
    expect(picture.gaps).toEqual([{ from: ms(1), to: ms(5), known: false }]);
  });

  it("is dropped when the curve is newer, and ends a gap that was still open", () => {
    expect(runs(source({ points: [point(3, 101)] }, { tail: tail(2) }))).toEqual([[101]]);
    const open = { from_at: at(1), to_at: at(50) };
    const picture = pictureOf(source({ points: [point(1, 101)], gaps: [open] }, { tail: tail(40) }));
    expect(picture.gaps).toEqual([{ from: ms(1), to: ms(40), known: false }]);
    expect(picture.runs).toHaveLength(2);
  });
});

describe("limits and signs", () => {
  it("draws a floor as steps and knows its value at an instant", () => {
    const [line] = pictureOf(source({ floors: [floor(30, 50, 96), floor(0, 30, 95)] })).floors;
    expect(line?.kind).toBe("daily");
    expect([5, 30, 55].map((minute) => (line === undefined ? null : floorAt(line, ms(minute))))).toEqual([95, 96, null]);
  });

  it("tells a floor's kind by the rule, and takes anchors of the daily one only", () => {
    const kinds = new Map([["a", "overall_loss"], ["b", "daily_loss"]]);
    const picture = pictureOf(source({ floors: [floor(0, 30, 90, "a"), floor(5, 30, 95, "b")] }, { kinds }));
    expect(picture.floors.map((line) => line.kind)).toEqual(["overall", "daily"]);
    expect(picture.anchors).toEqual([{ at: ms(5), value: 100, grade: "balance_only", sure: false }]);
  });

  it("shows resets before the first reading as the past, up to it", () => {
    const picture = pictureOf(source({ points: [point(40, 103)], floors: [floor(0, 30, 95), floor(30, 50, 96)] }));
    expect(picture.past.map((anchor) => anchor.at)).toEqual([ms(0), ms(30), ms(40)]);
  });

  it("marks flows and breaches inside the span", () => {
    const flow = (minute: number, amount: number): Schemas["CurveFlow"] => ({ at: at(minute), type: "balance", amount });
    const marks = pictureOf(source({ flows: [flow(3, 50), flow(4, -20)] })).marks;
    expect(marks.map((mark) => mark.kind)).toEqual(["deposit", "withdrawal"]);
  });
});
