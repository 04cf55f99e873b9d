import { describe, expect, it } from "vitest";

import { enter, go, type Look, PLAIN, visitor } from "./browser";
import { settled } from "./watch";
import type { World } from "./world";

const CALM = "700100304"; // nothing of it moves while two readings are compared

/** Digits and signs of any language as ASCII; marks of direction and grouping go. */
const plainText = (text: string): string =>
  text
    .replaceAll(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0))
    .replaceAll("٫", ".")
    .replaceAll(/[٬,\u200e\u200f\u2066-\u2069]/g, "")
    .replaceAll("−", "-");

/** A money literal of the API with two decimals, digit by digit: no arithmetic. */
const shown = (literal: string): string => {
  const [whole = "", cents = ""] = literal.replace("-", "").split(".");
  return `${whole}.${cents.padEnd(2, "0")}`;
};

/** What is on the page equals what the API said, in both languages. */
export function figuresTests(world: World): void {
  describe("figures", () => {
    it.each(["en", "fa"] as const)("are the API's exact values in %s", async (language) => {
      const look: Look = { ...PLAIN, language };
      const { stage, browser } = world;
      const context = await visitor(browser, look);
      const { page } = await enter(context, stage, stage.ready.users.alice);
      const account = stage.account(CALM).account_id;
      const answered = page.waitForResponse((response) => response.url().endsWith(`/api/account/${account}/summary`));
      await go(page, `/account/${account}`);
      const body = await (await answered).text();
      await settled(page);
      const text = plainText(await page.locator("main").innerText());
      for (const name of ["balance_current", "equity_current", "initial_balance"]) {
        const literal = new RegExp(`"${name}":\\s*(-?[0-9.]+)`).exec(body)?.[1];
        if (literal === undefined) throw new Error(`the summary has no ${name}: ${body}`);
        expect(text).toContain(shown(literal));
      }
      const dates = await page.locator("time[datetime][title]").evaluateAll((all) => all.map((one) => ({ at: one.getAttribute("datetime") ?? "", title: one.getAttribute("title") ?? "" })));
      expect(dates.length).toBeGreaterThan(0);
      for (const { at, title } of dates) {
        const parts = new Intl.DateTimeFormat("en-u-nu-latn", {
          calendar: language === "fa" ? "persian" : "gregory",
          timeZone: "Asia/Tehran",
          year: "numeric",
          day: "numeric",
          hour: "2-digit",
          minute: "2-digit",
          second: "2-digit",
          hourCycle: "h23",
        }).formatToParts(new Date(at));
        for (const type of ["year", "day", "hour", "minute", "second"] as const) {
          const value = parts.find((part) => part.type === type)?.value ?? "";
          expect(plainText(title)).toContain(value);
        }
      }
      await context.close();
    });
  });
}
