import type { Preferences } from "../i18n/preferences";

/** What formats need to know of the reader. */
export type Reader = Pick<Preferences, "language" | "digits" | "calendar" | "timeZone">;

/** BCP 47 tag with the reader's digits and calendar. */
export function localeOf(reader: Pick<Reader, "language" | "digits"> & { calendar?: Reader["calendar"] }): string {
  const base = reader.language === "fa" ? "fa-IR" : "en-GB";
  const digits = reader.digits === "persian" ? "arabext" : "latn";
  const calendar = reader.calendar === undefined ? "" : `-ca-${reader.calendar === "jalali" ? "persian" : "gregory"}`;
  return `${base}-u${calendar}-nu-${digits}`;
}

const numbers = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();

/** A cached formatter: making one costs more than using it a hundred times. */
export function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale}|${JSON.stringify(options)}`;
  const made = numbers.get(key) ?? new Intl.NumberFormat(locale, options);
  numbers.set(key, made);
  return made;
}

export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale}|${JSON.stringify(options)}`;
  const made = dates.get(key) ?? new Intl.DateTimeFormat(locale, options);
  dates.set(key, made);
  return made;
}
