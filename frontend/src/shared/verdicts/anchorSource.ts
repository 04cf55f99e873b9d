import { durationText, instantText } from "../format/date";
import { usePreferences, useWords } from "../i18n";
import { verdictWords } from "./words";

const PLAIN = { deals: "source.deals", "deals and quotes": "source.deals_and_quotes", "initial balance": "source.initial_balance" } as const;
const READING = /^observation (\S+) age ([\d.]+)s( and the one after)?$/;

/** Where an anchor comes from, in words. A source that this page does not know is told as the server wrote it. */
export function useAnchorSource(): (source: string) => string {
  const t = useWords(verdictWords);
  const reader = usePreferences();
  return (source) => {
    const plain = Object.entries(PLAIN).find(([code]) => code === source)?.[1];
    if (plain !== undefined) return t(plain);
    const [, at = null, age, after] = READING.exec(source) ?? [];
    if (at === null) return source;
    const told = { at: instantText(at, reader, "full"), age: durationText(Number(age), reader, true) };
    return t(after === undefined ? "source.reading" : "source.readings", told);
  };
}
