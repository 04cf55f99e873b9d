/**
 * A typed catalogue: English is bundled with the feature, Persian is its own lazy chunk.
 *
 * An entry is a text with {holes}, or one text per plural category (chosen by `count`).
 */
export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;
export type Entry = string | Plural;
export type Entries = Readonly<Record<string, Entry>>;

/** What a translation of `E` must hold: the same keys. Use it as the type of words.fa.ts. */
export type Translation<E extends Entries> = { readonly [K in keyof E]: E[K] extends string ? string : Plural };

export interface Catalogue<E extends Entries> {
  readonly en: E;
  readonly load: () => Promise<{ default: Translation<E> }>;
  /** Persian once it is here, and the promise while it is on its way. */
  fa: Translation<E> | null;
  pending: Promise<void> | null;
}

/** Makes a feature's catalogue. Begins to load Persian at once where the page is Persian. */
export function catalogue<const E extends Entries>(en: E, load: Catalogue<E>["load"]): Catalogue<E> {
  const made: Catalogue<E> = { en, load, fa: null, pending: null };
  if (document.documentElement.lang === "fa") void fetchPersian(made).catch(() => undefined); // useWords asks again
  return made;
}

/** Brings the Persian words; a failed load may be tried again. */
export function fetchPersian<E extends Entries>(words: Catalogue<E>): Promise<void> {
  words.pending ??= words.load().then(
    (module) => {
      words.fa = module.default;
      words.pending = null;
    },
    (fault: unknown) => {
      words.pending = null;
      throw fault;
    },
  );
  return words.pending;
}

const rules = {
  en: new Intl.PluralRules("en"),
  fa: new Intl.PluralRules("fa"),
};

/** The text of an entry for a count, holes still open. */
export function pick(entry: Entry, language: "en" | "fa", count: number | undefined): string {
  if (typeof entry === "string") return entry;
  return entry[rules[language].select(count ?? 0)] ?? entry.other;
}

/** A text split at its holes: odd places are the names of holes. */
export const holes = (text: string): string[] => text.split(/\{(\w+)\}/);
