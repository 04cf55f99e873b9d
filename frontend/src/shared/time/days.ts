import { dateFormat } from "../format/locale";

/** How far a zone's clock is ahead of UTC at an instant, in milliseconds. */
function aheadAt(ms: number, timeZone: string): number {
  const format = dateFormat("en-GB-u-ca-gregory-nu-latn", {
    ...{ timeZone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit", second: "2-digit" },
  });
  const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1_000) * 1_000;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Whether a text is a day of the calendar, such as 2026-03-20. */
export function isDay(text: string): boolean {
  const ms = DAY.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/** The instant (RFC 3339, UTC) at which a zone's day begins; `later` days after it. */
export function startOfDay(day: string, timeZone: string, later = 0): string {
  const wall = Date.parse(`${day}T00:00:00Z`) + later * 86_400_000;
  const guess = wall - aheadAt(wall, timeZone);
  const start = wall - aheadAt(guess, timeZone); // once more: the clock may have changed in between
  return new Date(start).toISOString().replace(".000Z", "Z");
}
