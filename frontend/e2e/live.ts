import type { Page, WebSocketRoute } from "playwright-core";
import { describe, expect, it } from "vitest";

import { enter, go, PLAIN, visitor } from "./browser";
import { settled } from "./watch";
import { until, type World } from "./world";

const BREACHED = "700100306";
const BREACHED_IN_THE_OUTAGE = "700100307";
/** The promise: a breach is seen within this time of its commit. */
const PROMISED_MS = 1_000;
/** What chromium says of a request or socket that a test cut. */
const CUT = /ERR_CONNECTION|ERR_INTERNET|WebSocket connection|Failed to load resource/;

declare global {
  interface Window {
    told: { at: number; text: string }[];
  }
}

/** Notes when an assertive live region gets words, by the clock that the server also has. */
async function listen(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.told = [];
    const heard = new WeakSet<Element>();
    new MutationObserver((changes) => {
      for (const change of changes) {
        const region = (change.target instanceof Element ? change.target : change.target.parentElement)?.closest("[role=alert]");
        const added = [...change.addedNodes].filter((node) => node instanceof Element).flatMap((node) => [node, ...node.querySelectorAll("[role=alert]")]);
        for (const one of [region, ...added]) {
          if (one?.getAttribute("role") !== "alert") continue;
          if (one === region || !heard.has(one)) window.told.push({ at: Date.now(), text: one.textContent });
          heard.add(one);
        }
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

/** Sees a breach live: on time, once, and though the socket was cut. */
export function liveTests(world: World): void {
  const alice = (): number => world.stage.ready.users.alice;

  describe("a breach", () => {
    it("is on an open page within a second of its commit, and told once", async () => {
      const { stage, browser } = world;
      const context = await visitor(browser, PLAIN);
      const { page, watch } = await enter(context, stage, alice());
      const account = stage.account(BREACHED).account_id;
      await go(page, `/account/${account}`);
      expect(await settled(page)).toEqual([]);
      await listen(page);
      await stage.breach(BREACHED);
      await page.waitForFunction(() => window.told.length > 0);
      const committed = await stage.commit(account);
      const told = await page.evaluate(() => window.told);
      const after = (told[0]?.at ?? NaN) - (committed ?? NaN);
      process.stdout.write(`a breach is on the page ${after.toFixed(0)} ms after its commit\n`);
      expect(after).toBeLessThan(PROMISED_MS);
      expect(told[0]?.text).toContain(BREACHED);
      await page.locator("main").getByText("Breached").first().waitFor();
      await settled(page);
      expect(await page.evaluate(() => window.told.length)).toBe(1);
      expect(watch.take()).toEqual([]);
      await context.close();
    });

    it("is found by polling while no socket can be had", async () => {
      const { stage, browser } = world;
      const context = await visitor(browser, PLAIN);
      const sockets: WebSocketRoute[] = [];
      let refused = false;
      await context.routeWebSocket(/\/api\/live$/, (socket) => {
        if (refused) {
          void socket.close({ code: 1001 });
          return;
        }
        sockets.push(socket);
        socket.connectToServer();
      });
      const { page, watch } = await enter(context, stage, alice(), CUT);
      const account = stage.account(BREACHED_IN_THE_OUTAGE).account_id;
      await go(page, `/account/${account}`);
      expect(await settled(page)).toEqual([]);
      await until(() => Promise.resolve(sockets.length > 0));
      refused = true;
      await Promise.all(sockets.map((socket) => socket.close({ code: 1001 })));
      await stage.breach(BREACHED_IN_THE_OUTAGE);
      await until(async () => (await stage.commit(account)) !== null);
      await page.locator("main").getByText("Breached").first().waitFor({ timeout: 90_000 });
      expect(watch.take()).toEqual([]);
      await context.close();
    });
  });
}
