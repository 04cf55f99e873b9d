import { describe, expect, it } from "vitest";

import { go, PLAIN, visitor } from "./browser";
import { type Grant, openShop } from "./shop";
import { settled } from "./watch";
import { until, type World } from "./world";

const REFUSED = /status of (401|403|429|503)|ERR_|WebSocket connection/;

const FIRST_SECONDS = 20;
const TOLD_SECONDS = 8;

/** The same token, said to end soon, so that the page renews it early. */
const toldShort = ({ token }: Grant): Grant => ({ token, expires_at: new Date(Date.now() + TOLD_SECONDS * 1_000).toISOString() });

/** Tokens end and are renewed without a visible hiccup; trouble is told, and goes away. */
export function sessionTests(world: World): void {
  describe("a session", () => {
    it("outlives its tokens without a hiccup, on one socket", async () => {
      const { stage, browser } = world;
      const { alice } = stage.ready.users;
      const context = await visitor(browser, PLAIN);
      const begun = Date.now();
      const shop = await openShop(context, stage, {
        user: alice,
        // The first really ends soon, at the server too; the page takes the later ones for short.
        grant: async (asked) => (asked === 1 ? stage.token(alice, FIRST_SECONDS) : toldShort(await stage.token(alice))),
      });
      expect(await settled(shop.page)).toEqual([]);
      const hiccups = await shop.page.evaluateHandle(() => {
        const seen: string[] = [];
        new MutationObserver(() => {
          if (document.querySelector("main [role=alert]") !== null) seen.push("an alert");
          if (document.querySelector("main [class*='pulse']") !== null) seen.push("a skeleton");
          if (document.querySelector("main h1") === null) seen.push("no page");
        }).observe(document.body, { subtree: true, childList: true });
        return seen;
      });
      await until(() => Promise.resolve(shop.asked() >= 4 && Date.now() - begun > (FIRST_SECONDS + 3) * 1_000));
      await go(shop.page, `/account/${stage.account("700100303").account_id}/settings`);
      await shop.page.getByRole("heading", { name: "Settings" }).waitFor();
      expect(await hiccups.jsonValue()).not.toContain("an alert");
      expect(shop.sockets()).toBe(1);
      expect(shop.watch.take()).toEqual([]);
      await context.close();
    });

    it("is over when the shop refuses a token, and shows no figure any more", async () => {
      const { stage, browser } = world;
      const context = await visitor(browser, PLAIN);
      const { alice } = stage.ready.users;
      const grant = async (): Promise<Grant> => toldShort(await stage.token(alice));
      const shop = await openShop(context, stage, { user: alice, grant, allowed: REFUSED });
      await settled(shop.page);
      shop.refuse(403);
      await shop.page.getByRole("heading", { name: "Your session has ended" }).waitFor();
      expect(await shop.page.locator("#onefunders-root").innerText()).not.toContain("700100");
      await context.close();
    });

    it.each([
      [503, null],
      [429, "2"],
    ])("tells a %i with a way to go on, and goes on", async (status, wait) => {
      const { stage, browser } = world;
      const context = await visitor(browser, PLAIN);
      const problem = { type: "about:blank", title: "x", status, code: status === 429 ? "rate_limited" : "unavailable", request_id: "req-1", errors: [] };
      let troubled = true;
      await context.route(/\/api\/accounts/, (answer) => {
        if (!troubled) return answer.continue();
        return answer.fulfill({ status, headers: { ...(wait !== null && { "retry-after": wait }) }, contentType: "application/problem+json", body: JSON.stringify(problem) });
      });
      const { page } = await openShop(context, stage, { user: stage.ready.users.alice, allowed: REFUSED });
      const retry = page.getByRole("button", { name: "Try again" });
      await retry.waitFor();
      troubled = false;
      await retry.click();
      await page.getByText("700100303").first().waitFor();
      await context.close();
    });

    it("keeps the last values while the server restarts, and goes on by itself", async () => {
      const { stage, browser } = world;
      const context = await visitor(browser, PLAIN);
      const { page } = await openShop(context, stage, { user: stage.ready.users.alice, allowed: REFUSED });
      await settled(page);
      await stage.stopServer();
      await page.getByText(/does not answer|Reconnecting|interrupted/i).first().waitFor({ timeout: 60_000 });
      expect(await page.locator("main").innerText()).toContain("700100303");
      await stage.startServer();
      await page.getByText(/does not answer|Reconnecting|interrupted/i).first().waitFor({ state: "detached", timeout: 60_000 });
      await context.close();
    });

    it("says that it is offline, and when it is back", async () => {
      const { stage, browser } = world;
      const context = await visitor(browser, PLAIN);
      const { page } = await openShop(context, stage, { user: stage.ready.users.alice, allowed: REFUSED });
      await settled(page);
      await context.setOffline(true);
      await page.getByText("You are offline").waitFor();
      await context.setOffline(false);
      await page.getByText("You are offline").waitFor({ state: "detached" });
      await context.close();
    });
  });
}
