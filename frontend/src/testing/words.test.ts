import { describe, expect, it } from "vitest";

import { catalogue, holes } from "@/shared/i18n/catalogue";

type Texts = Readonly<Record<string, string | Readonly<Record<string, string>>>>;
interface Module {
  readonly default: Texts;
}

const english = import.meta.glob<Module>(["../**/words.en.ts", "../**/codes/en.ts"], { eager: true });
const persian = import.meta.glob<Module>(["../**/words.fa.ts", "../**/codes/fa.ts"], { eager: true });
const pairs = Object.entries(english).map(([path, module]) => {
  const other = persian[path.replace(/en\.ts$/, "fa.ts")];
  return [path, module.default, other?.default ?? {}] as const;
});

const forms = (entry: Texts[string] | undefined): string[] =>
  entry === undefined ? [] : typeof entry === "string" ? [entry] : Object.values(entry);
const holesOf = (entry: Texts[string] | undefined): string[] =>
  [...new Set(forms(entry).flatMap((text) => holes(text).filter((_, place) => place % 2 === 1)))].sort();

describe("every catalogue is whole in both languages", () => {
  it("is found at all", () => {
    expect(pairs.length).toBeGreaterThan(3);
  });

  it.each(pairs)("%s has the same keys and holes in Persian", (_path, en, fa) => {
    expect(Object.keys(fa).sort()).toEqual(Object.keys(en).sort());
    for (const key of Object.keys(en)) expect([key, holesOf(fa[key])]).toEqual([key, holesOf(en[key])]);
  });

  it.each(pairs)("%s leaves no Persian text empty or in Latin letters only", (_path, _en, fa) => {
    const foreign = Object.entries(fa).filter(([, entry]) =>
      forms(entry).some((text) => text === "" || (/[A-Za-z]/.test(text.replace(/\{\w+\}/g, "")) && !/[\u0600-\u06ff]/.test(text))),
    );
    expect(foreign).toEqual([]);
  });
});

describe("a catalogue", () => {
  it("tries a failed load again", async () => {
    const { fetchPersian } = await import("@/shared/i18n/catalogue");
    let tries = 0;
    const words = catalogue({ hello: "Hello" }, () => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error("offline")) : Promise.resolve({ default: { hello: "سلام" } });
    });
    await expect(fetchPersian(words)).rejects.toThrow("offline");
    await fetchPersian(words);
    expect(words.fa?.hello).toBe("سلام");
  });
});
