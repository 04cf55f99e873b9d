import { join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { describe, expect, it } from "vitest";

import { PLAIN, visitor } from "./browser";
import { HOSTILE_STYLE, openShop } from "./shop";
import { ROOT } from "./stage";
import { settled } from "./watch";
import type { World } from "./world";

/** How the dashboard's elements look on a shop's page with this style of its own. */
async function looks(context: BrowserContext, { stage }: World, style: string): Promise<{ ours: string[]; leaks: string[] }> {
  const { page } = await openShop(context, stage, { user: stage.ready.users.bob, route: "/", style });
  await settled(page);
  await page.screenshot({ path: join(ROOT, `tests/e2e/shots/embedded-${style === "" ? "plain" : "hostile"}.png`) });
  const found = await page.evaluate(() => {
    const names = ["fontSize", "fontWeight", "letterSpacing", "textTransform", "lineHeight", "color", "backgroundColor", "margin", "padding", "border", "borderRadius", "boxSizing"] as const;
    const lookOf = (one: Element): string => {
      const style = getComputedStyle(one);
      return names.map((name) => `${name}: ${style[name]}`).join("; ");
    };
    const ours = [...document.querySelectorAll("#onefunders-root :is(h1, button, a, p, dl, dd, input, select, h2)")].map(
      (one) => `${one.tagName} ${one.className}: ${lookOf(one)}`,
    );
    const theirs = ["#theirs", "#their-button", "#after", "body", "html"].flatMap((name) => [...document.querySelectorAll(name)]);
    const before = theirs.map(lookOf);
    for (const sheet of document.styleSheets) if (sheet.href?.includes("onefunders") === true) sheet.disabled = true;
    const without = theirs.map(lookOf);
    for (const sheet of document.styleSheets) sheet.disabled = false;
    return {
      ours,
      leaks: before.filter((look, i) => look !== without[i]),
    };
  });
  await page.close();
  return found;
}

/** The dashboard in a shop's page: the theme and we leave each other alone. */
export function embeddingTests(world: World): void {
  describe("embedding", () => {
    it("looks the same under a hostile theme, and changes nothing of it", async () => {
      const context = await visitor(world.browser, PLAIN);
      const plain = await looks(context, world, "");
      const hostile = await looks(context, world, HOSTILE_STYLE);
      await context.close();
      expect(hostile.leaks).toEqual([]);
      expect(hostile.ours.filter((look) => !plain.ours.includes(look))).toEqual([]);
    });
  });
}
