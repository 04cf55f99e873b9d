import type { Schemas } from "@/shared/api";

import type { DayKey } from "./month";

export type Level = Schemas["Level"];
export type RuleDay = Schemas["RuleDayItem"];

/** A rule day with its result, how it was watched, and each loss rule on it. */
export interface CalendarDay {
  readonly date: DayKey;
  readonly result: Schemas["DayItem"];
  readonly rules: readonly RuleDay[];
  /** The worst level of its rules. */
  readonly level: Level;
  readonly watched: "whole" | "partly" | "not";
}

const LEVELS: readonly Level[] = ["ok", "warning", "critical", "breach"];
/** A level as the server names it; one that is not known yet counts as critical, never as safe. */
export const levelOf = (level: string): Level => LEVELS.find((known) => known === level) ?? "critical";

/** Days by date. */
export function calendarDays(results: readonly Schemas["DayItem"][], rules: readonly RuleDay[]): ReadonlyMap<DayKey, CalendarDay> {
  const byDate = new Map<DayKey, RuleDay[]>();
  for (const rule of rules) byDate.set(rule.date, [...(byDate.get(rule.date) ?? []), rule]);
  return new Map(results.map((result) => {
    const own = byDate.get(result.date) ?? [];
    const level = LEVELS[Math.max(0, ...own.map((rule) => LEVELS.indexOf(levelOf(rule.level))))] ?? "ok";
    return [result.date, { date: result.date, result, rules: own, level, watched: watchedOf(result.coverage) }];
  }));
}

function watchedOf(coverage: Schemas["CoverageItem"]): CalendarDay["watched"] {
  if (coverage.unknown_seconds === 0) return "whole";
  return coverage.sampled_seconds + coverage.reconstructed_seconds + coverage.flat_seconds > 0 ? "partly" : "not";
}

/** How strong a day's colour is: its result beside the largest one shown, 0 to 1. */
export function strengthOf(day: CalendarDay, days: Iterable<CalendarDay>): number {
  let most = 0;
  for (const { result } of days) most = Math.max(most, Math.abs(result.closed_result));
  return most === 0 ? 0 : Math.abs(day.result.closed_result) / most;
}
