import axe from "axe-core";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";

import { enter, go, type Look, LOOKS, visitor } from "./browser";
import { ROOT } from "./stage";
import { settled } from "./watch";
import { until, type World } from "./world";

const SHOTS = join(ROOT, "tests/e2e/shots");
const MOST_SHIFT = 0.05;
const REPLAYED = "700100200";
const NEAR_FLOOR = "700100302";
const BREACHED = "700100305";

/** A name for the picture, and the address of a route. */
type Route = readonly [string, string];

async function routesOf({ stage }: World): Promise<Route[]> {
  const id = (login: string): string => stage.account(login).account_id;
  const breached = id(BREACHED);
  const rules = await stage.read(stage.ready.users.alice, `/api/account/${breached}/rules`);
  const { violations } = JSON.parse(rules.text) as { violations: { violation_id: string }[] };
  const violation = violations[0]?.violation_id ?? "none";
  return [
    ["overview", "/"],
    ["account", `/account/${id(REPLAYED)}`],
    ["account-near-floor", `/account/${id(NEAR_FLOOR)}`],
    ["account-breached", `/account/${breached}`],
    ["violation", `/account/${breached}/violations/${violation}`],
    ["trades", `/account/${id(REPLAYED)}/trades`],
    ["settings", `/account/${id(REPLAYED)}/settings`],
    ["nowhere", "/no/such/page"],
  ];
}

/** All that every page keeps, in one look at it. */
async function faultsOf(page: Page, look: Look): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(
    async ({ language, theme, most }) => {
      const faults: string[] = [];
      const root = document.documentElement;
      const direction = language === "fa" ? "rtl" : "ltr";
      if (root.lang !== language || root.dir !== direction) faults.push(`lang=${root.lang} dir=${root.dir}`);
      if (root.classList.contains("of-dark") !== (theme === "dark")) faults.push(`not ${theme}: ${root.className}`);
      if (root.scrollWidth > root.clientWidth) {
        const wide = [...document.querySelectorAll("main *, header *")].filter((one) => {
          const { left, right } = one.getBoundingClientRect();
          return right > root.clientWidth + 1 || left < -1;
        });
        faults.push(`scrolls sideways, ${root.scrollWidth} > ${root.clientWidth}: ${wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(" | ")}`);
      }
      if (window.seen.shift > most) faults.push(`layout shift ${window.seen.shift.toFixed(3)}: ${window.seen.shifts.join(" | ")}`);
      faults.push(...window.seen.refused.map((one) => `refused by the policy: ${one}`));
      const { axe: checker } = window as unknown as { axe: typeof import("axe-core") };
      const { violations } = await checker.run(document, { resultTypes: ["violations"] });
      for (const { id, help, nodes } of violations) {
        faults.push(`axe ${id} (${help}): ${nodes.slice(0, 3).map((one) => `${one.html.slice(0, 160)} ${one.failureSummary ?? ""}`).join(" | ")}`);
      }
      return faults;
    },
    { ...look, most: MOST_SHIFT },
  );
}

/** Each route in each look: usable by everyone, quiet, nothing jumps, and a picture of it. */
export function matrixTests(world: World): void {
  let routes: Route[] = [];
  beforeAll(async () => {
    await mkdir(SHOTS, { recursive: true });
    await world.stage.breach(BREACHED);
    await until(async () => (await world.stage.commit(world.stage.account(BREACHED).account_id)) !== null);
    routes = await routesOf(world);
  });

  describe("each route has no fault", () => {
    it.each(LOOKS.map((look) => [`${look.theme} ${look.language} ${look.width}`, look] as const))("%s", async (_, look) => {
      const context = await visitor(world.browser, look);
      const { page, watch } = await enter(context, world.stage, world.stage.ready.users.alice);
      const faults: Record<string, string[]> = {};
      for (const [name, route] of routes) {
        if (route !== "/") await go(page, route);
        const found = [...(await settled(page)), ...(await faultsOf(page, look)), ...watch.take()];
        if (found.length > 0) faults[name] = found;
        await page.screenshot({ path: join(SHOTS, `${name}-${look.theme}-${look.language}-${look.width}.png`), fullPage: true });
        await page.evaluate(() => Object.assign(window.seen, { shift: 0, shifts: [], refused: [] }));
      }
      await context.close();
      expect(faults).toEqual({});
    });
  });
}
