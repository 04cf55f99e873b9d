import { dateFormat, localeOf, numberFormat, type Reader } from "./locale";
import { UNKNOWN } from "./number";

export type DateStyle = "date" | "time" | "date-time" | "day" | "month-day" | "full";

const STYLES: Readonly<Record<DateStyle, Intl.DateTimeFormatOptions>> = {
  date: { year: "numeric", month: "short", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  "date-time": { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  day: { weekday: "short", month: "short", day: "numeric" },
  "month-day": { month: "short", day: "numeric" },
  full: {
    ...{ weekday: "short", year: "numeric", month: "long", day: "numeric" },
    ...{ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZoneName: "short" },
  },
};

/** An instant in the reader's calendar, digits and zone (or `zone`, such as the broker's). */
export function instantText(
  at: string | number | null | undefined,
  reader: Reader,
  style: DateStyle,
  zone: string = reader.timeZone,
): string {
  const ms = typeof at === "string" ? Date.parse(at) : at;
  if (ms === null || ms === undefined || Number.isNaN(ms)) return UNKNOWN;
  const format = dateFormat(localeOf(reader), { ...STYLES[style], timeZone: zone });
  const parts = format.formatToParts(ms);
  if (!parts.some(({ type }) => type === "era")) return format.format(ms);
  // English tells the Jalali era ("1405 AP"); nobody asks for it.
  return parts.map(({ type, value }) => (type === "era" ? "" : value)).join("").replace(/ (?=,|$| )/g, "");
}

/** A calendar day of the API (`2026-03-20`), which belongs to no zone. */
export function dayText(day: string | null | undefined, reader: Reader, style: "date" | "day" = "date"): string {
  return day === null || day === undefined ? UNKNOWN : instantText(`${day}T12:00:00Z`, reader, style, "UTC");
}

/** The short name of a zone at an instant ("GMT+3:30"), or its city where `city` is asked for. */
export function zoneCity(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

const PARTS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** A span in its two largest units ("2d 4h"), rounded down; seconds only below an hour. */
export function durationText(totalSeconds: number | null | undefined, reader: Reader, long = false): string {
  if (totalSeconds === null || totalSeconds === undefined || Number.isNaN(totalSeconds)) return UNKNOWN;
  let left = Math.max(0, Math.floor(totalSeconds));
  const shown: string[] = [];
  for (const [unit, size] of PARTS) {
    const amount = Math.floor(left / size);
    left -= amount * size;
    if (shown.length === 0 && amount === 0 && unit !== "second") continue;
    if (shown.length > 0 && amount === 0) break;
    shown.push(unitText(amount, unit, reader, long));
    if (shown.length === 2) break;
  }
  return shown.join(reader.language === "fa" ? " و " : " ");
}

function unitText(amount: number, unit: string, reader: Reader, long: boolean): string {
  const unitDisplay = long ? "long" : reader.language === "fa" ? "short" : "narrow";
  return numberFormat(localeOf(reader), { style: "unit", unit, unitDisplay }).format(amount);
}

const relatives = new Map<string, Intl.RelativeTimeFormat>();

/** How long ago (or ahead) in one unit: "12 sec ago". Show the absolute time in its title. */
export function relativeText(seconds: number, reader: Reader): string {
  const locale = localeOf(reader);
  const format = relatives.get(locale) ?? new Intl.RelativeTimeFormat(locale, { numeric: "always", style: "short" });
  relatives.set(locale, format);
  const [unit, size] = PARTS.find(([, length]) => Math.abs(seconds) >= length) ?? PARTS[3];
  return format.format(Math.trunc(seconds / size), unit);
}

/** A countdown as a clock, "07:04:09", in the reader's digits. */
export function clockText(totalSeconds: number, reader: Reader): string {
  const left = Math.max(0, Math.floor(totalSeconds));
  const two = numberFormat(localeOf(reader), { minimumIntegerDigits: 2, useGrouping: false });
  return [left / 3_600, (left % 3_600) / 60, left % 60].map((part) => two.format(Math.floor(part))).join(":");
}
