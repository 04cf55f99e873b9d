import { useSyncExternalStore } from "react";

/** How this reader wants to see things: harmless display choices, the only thing kept locally. */
export interface Preferences {
  readonly language: "en" | "fa";
  readonly digits: "latin" | "persian";
  readonly calendar: "gregorian" | "jalali";
  /** IANA name. */
  readonly timeZone: string;
  readonly theme: "system" | "light" | "dark";
}

const KEY = "onefunders.display"; // index.html reads it too, before the first paint

const isZone = (zone: unknown): zone is string => {
  if (typeof zone !== "string") return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};
const oneOf = <T extends string>(value: unknown, ...allowed: readonly T[]): T | null =>
  allowed.find((one) => one === value) ?? null;

/** What a reader of a language most likely wants, where nothing was chosen. */
export function defaultsFor(language: "en" | "fa", zone: string): Preferences {
  const fa = language === "fa";
  return {
    language,
    digits: fa ? "persian" : "latin",
    calendar: fa ? "jalali" : "gregorian",
    timeZone: zone,
    theme: "system",
  };
}

/** Reads stored choices; whatever is not understood falls back to the language's default. */
export function readPreferences(stored: string | null, browserLanguage: string, zone: string): Preferences {
  let raw: Readonly<Record<string, unknown>> = {};
  try {
    const parsed: unknown = JSON.parse(stored ?? "{}");
    if (typeof parsed === "object" && parsed !== null) raw = { ...parsed };
  } catch {
    raw = {};
  }
  const language = oneOf(raw["language"], "en", "fa") ?? (browserLanguage.startsWith("fa") ? "fa" : "en");
  const base = defaultsFor(language, zone);
  return {
    language,
    digits: oneOf(raw["digits"], "latin", "persian") ?? base.digits,
    calendar: oneOf(raw["calendar"], "gregorian", "jalali") ?? base.calendar,
    timeZone: isZone(raw["timeZone"]) ? raw["timeZone"] : base.timeZone,
    theme: oneOf(raw["theme"], "system", "light", "dark") ?? base.theme,
  };
}

const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "Asia/Tehran";

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage forbidden: choices last as long as the page
  }
}

let current = readPreferences(stored(), navigator.language, browserZone());
const listeners = new Set<() => void>();

export const getPreferences = (): Preferences => current;

/** Whether this reader has chosen anything on this device. */
export const hasChosen = (): boolean => stored() !== null;

export function subscribePreferences(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Changes choices for as long as the page is open. A new language brings its digits and calendar. */
export function suppose(change: Partial<Preferences>): Preferences {
  const spoken = change.language !== undefined && change.language !== current.language;
  const base = spoken ? { ...defaultsFor(change.language, current.timeZone), theme: current.theme } : current;
  current = { ...base, ...change };
  for (const listener of listeners) listener();
  return current;
}

/** Changes choices and keeps them on this device. */
export function choose(change: Partial<Preferences>): Preferences {
  const chosen = suppose(change);
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen));
  } catch {
    // storage full or forbidden: the choice still holds for this page
  }
  return chosen;
}

export const usePreferences = (): Preferences => useSyncExternalStore(subscribePreferences, getPreferences);
