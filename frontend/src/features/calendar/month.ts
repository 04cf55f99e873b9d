import type { Reader } from "@/shared/format/locale";
import { dateFormat } from "@/shared/format/locale";

const DAY_MS = 86_400_000;

/** A calendar day as the API writes it, `2026-03-20`. */
export type DayKey = string;

export interface Month {
  /** Its first day. */
  readonly first: DayKey;
  /** Weeks of seven places, from the first weekday on; null = a day of another month. */
  readonly weeks: readonly (readonly (DayKey | null)[])[];
}

type Calendar = Reader["calendar"];

const at = (day: DayKey): number => Date.parse(`${day}T12:00:00Z`);
/** The day some days later (or earlier, below zero). */
export const shift = (day: DayKey, by: number): DayKey => new Date(at(day) + by * DAY_MS).toISOString().slice(0, 10);

/** Year and month, and the day of the month, in a calendar. */
function placeOf(day: DayKey, calendar: Calendar): { readonly month: string; readonly date: number } {
  const locale = `en-u-ca-${calendar === "jalali" ? "persian" : "gregory"}-nu-latn`;
  const parts = dateFormat(locale, { year: "numeric", month: "numeric", day: "numeric", timeZone: "UTC" }).formatToParts(at(day));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? "";
  return { month: `${part("year")}-${part("month")}`, date: Number(part("day")) };
}

/** The weekday's place in a week: it begins on Saturday in the Jalali calendar, else on Monday. */
export function columnOf(day: DayKey, calendar: Calendar): number {
  const weekday = new Date(at(day)).getUTCDay();
  return (weekday + (calendar === "jalali" ? 1 : 6)) % 7;
}

/** The month that holds a day, as weeks. */
export function monthOf(day: DayKey, calendar: Calendar): Month {
  const { month, date } = placeOf(day, calendar);
  const first = shift(day, 1 - date);
  const places: (DayKey | null)[] = new Array<null>(columnOf(first, calendar)).fill(null);
  for (let next = first; placeOf(next, calendar).month === month; next = shift(next, 1)) places.push(next);
  while (places.length % 7 !== 0) places.push(null);
  return { first, weeks: Array.from({ length: places.length / 7 }, (_, week) => places.slice(week * 7, week * 7 + 7)) };
}

/** A day's number in its month, as a number. */
export const dateOf = (day: DayKey, calendar: Calendar): number => placeOf(day, calendar).date;

/** Whether two days are of one month. */
export const sameMonth = (one: DayKey, other: DayKey, calendar: Calendar): boolean =>
  placeOf(one, calendar).month === placeOf(other, calendar).month;
