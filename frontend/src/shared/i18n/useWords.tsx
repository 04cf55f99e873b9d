import { Fragment, type ReactNode, useMemo } from "react";

import { numberText } from "../format/number";
import { type Catalogue, type Entries, fetchPersian, holes, pick, type Translation } from "./catalogue";
import { usePreferences, type Preferences } from "./preferences";

export type Values = Readonly<Record<string, string | number>>;

/** Texts of one catalogue in the reader's language; numbers are shown in the reader's digits. */
export interface Words<E extends Entries> {
  (key: keyof E & string, values?: Values): string;
  /** The same with elements in the holes, such as an amount. */
  rich: (key: keyof E & string, values: Readonly<Record<string, ReactNode>>) => ReactNode;
  /** Whether a server's code has words here. */
  has: (key: string) => key is keyof E & string;
}

function speak<E extends Entries>(en: E, fa: Translation<E> | null, preferences: Preferences): Words<E> {
  const entries = (preferences.language === "fa" ? fa : null) ?? en;
  const raw = (key: keyof E & string, count: unknown): string =>
    pick(entries[key], preferences.language, typeof count === "number" ? count : undefined);
  const say = (key: keyof E & string, values: Values = {}): string =>
    holes(raw(key, values["count"]))
      .map((part, place) => {
        if (place % 2 === 0) return part;
        const value = values[part];
        return typeof value === "number" ? numberText(value, preferences) : (value ?? "");
      })
      .join("");
  const rich: Words<E>["rich"] = (key, values) =>
    holes(raw(key, values["count"])).map((part, place) => (
      <Fragment key={place}>{place % 2 === 0 ? part : values[part]}</Fragment>
    ));
  const has = (key: string): key is keyof E & string => key in en;
  return Object.assign(say, { rich, has });
}

/** A feature's words. Suspends while Persian is on its way. */
export function useWords<E extends Entries>(words: Catalogue<E>): Words<E> {
  const preferences = usePreferences();
  const translated = words.fa;
  if (preferences.language === "fa" && words.fa === null) suspend(fetchPersian(words));
  return useMemo(() => speak(words.en, translated, preferences), [words, translated, preferences]);
}

function suspend(promise: Promise<void>): never {
  const thrown: unknown = promise;
  throw thrown;
}
