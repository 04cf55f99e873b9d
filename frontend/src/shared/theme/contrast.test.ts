import { describe, expect, it } from "vitest";

import css from "./tokens.css?raw";

/** The colours of a theme's block, by name. */
function colours(block: string): Map<string, readonly number[]> {
  return new Map([...block.matchAll(/--of-([\w-]+): (\d+) (\d+) (\d+);/g)].map(([, name, ...rgb]) => [name ?? "", rgb.map(Number)]));
}

const blocks = css.split(".of-dark #onefunders-root");
const themes = { light: colours(blocks[0] ?? ""), dark: colours(blocks[1] ?? "") };

const linear = (part: number): number => (part <= 10.31475 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4);
const luminance = ([r = 0, g = 0, b = 0]: readonly number[]): number => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);

function contrast(one: readonly number[], other: readonly number[]): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const tones = ["ok", "warn", "crit", "bad", "accent"];
const texts = ["ink", "muted", "faint", ...tones];
const pairs: readonly (readonly [string, string, number])[] = [
  ...texts.flatMap((text) => ["canvas", "surface", "raised", "sunken"].map((ground) => [text, ground, 4.5] as const)),
  ...tones.map((tone) => [tone, `${tone}-soft`, 4.5] as const),
  ["on-accent", "accent", 4.5],
  ...["surface", "canvas"].map((ground) => ["edge", ground, 3] as const),
];

describe.each(["light", "dark"] as const)("WCAG 2.2 AA in the %s theme", (theme) => {
  it.each(pairs)("%s on %s has at least %d : 1", (front, ground, least) => {
    const [one, other] = [themes[theme].get(front), themes[theme].get(ground)];
    expect(one && other).toBeDefined();
    expect(contrast(one ?? [], other ?? [])).toBeGreaterThanOrEqual(least);
  });
});
