import type { Page, Request } from "playwright-core";
import { describe, expect, it } from "vitest";

import { enter, go, PLAIN, visitor } from "./browser";
import { settled } from "./watch";
import type { World } from "./world";

const MISSING = /status of 404/;

/** Every place of a page in which bytes could be kept or left. */
async function keptBy(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const databases = await indexedDB.databases();
    const cacheNames = await caches.keys();
    return JSON.stringify([
      Object.entries(localStorage),
      Object.entries(sessionStorage),
      document.cookie,
      document.referrer,
      window.location.href,
      window.name,
      window.history.state,
      performance.getEntries().map((entry) => entry.name),
      databases,
      cacheNames,
      document.documentElement.outerHTML,
    ]);
  });
}

/** Two readers see nothing of each other, and the token leaves no trace. */
export function privacyTests(world: World): void {
  describe("privacy", () => {
    it("keeps two users apart, also by a typed address", async () => {
      const { stage, browser } = world;
      const { alice, bob } = stage.ready.users;
      const contexts = await Promise.all([visitor(browser, PLAIN), visitor(browser, PLAIN)]);
      const readers = [alice, bob];
      const pages = await Promise.all(contexts.map((context, i) => enter(context, stage, readers[i] ?? 0, MISSING)));
      for (const [i, { page }] of pages.entries()) {
        const answers: Promise<string>[] = [];
        page.on("response", (response) => {
          if (response.url().includes("/api/")) answers.push(response.text().catch(() => ""));
        });
        const others = stage.ready.accounts.filter((one) => one.user !== readers[i]);
        const own = stage.ready.accounts.filter((one) => one.user === readers[i]);
        await settled(page);
        const seen = [await page.locator("body").innerText()];
        expect(seen[0]).toContain(own[0]?.login);
        const other = others[0]?.account_id ?? "";
        for (const route of [`/account/${other}`, `/account/${other}/trades`, `/account/${other}/settings`]) {
          await go(page, route);
          await page.waitForLoadState("networkidle");
          seen.push(await page.locator("body").innerText());
        }
        const text = [...seen, ...(await Promise.all(answers))].join("\n");
        for (const { login } of others) expect(text).not.toContain(login);
      }
      await Promise.all(contexts.map((context) => context.close()));
    });

    it("leaves the token in no storage, address, history or log", async () => {
      const { stage, browser } = world;
      const context = await visitor(browser, PLAIN);
      const tokens = new Set<string>();
      const requests: Request[] = [];
      context.on("request", (request) => {
        requests.push(request);
        const bearer = /^Bearer (.+)$/.exec(request.headers()["authorization"] ?? "");
        if (bearer?.[1] !== undefined) tokens.add(bearer[1]);
      });
      const { page } = await enter(context, stage, stage.ready.users.alice);
      await go(page, `/account/${stage.account("700100303").account_id}`);
      await settled(page);
      expect(tokens.size).toBeGreaterThan(0);
      const places = [
        await keptBy(page),
        JSON.stringify(await context.storageState({ indexedDB: true })),
        ...requests.map((request) => `${request.url()} ${request.headers()["referer"] ?? ""}`),
        await stage.log(),
      ].join("\n");
      await page.goBack();
      const before = page.url();
      expect(before).not.toContain("code=");
      for (const token of tokens) {
        for (const part of [token, ...token.split(".").slice(1)]) expect(places.includes(part)).toBe(false);
      }
      await context.close();
    });
  });
}
