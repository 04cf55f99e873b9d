import type { Browser, BrowserContext } from "playwright-core";

import { type Look, visitor } from "../e2e/browser";
import type { Stage } from "../e2e/stage";
import { type Figure, percentile } from "./figures";
import { note, slowPage } from "./page";

const GOAL_MS = 1_000;

/** The times from the navigation until the first view of `route` shows figures. */
async function loads(context: BrowserContext, stage: Stage, route: string, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const code = await stage.code(stage.ready.users.alice);
    const { page } = await slowPage(context);
    await page.goto(`${stage.ready.url}/#code=${code}${route}`, { waitUntil: "commit" });
    times.push(await page.waitForFunction(() => window.noted.shownAt).then((shown) => shown.jsonValue()) ?? NaN);
    await page.close();
  }
  return times;
}

async function fresh(browser: Browser, look: Look): Promise<BrowserContext> {
  const context = await visitor(browser, look);
  await context.addInitScript(note);
  return context;
}

/** How long the first view of a route takes: with an empty cache, and with the files in it. */
export async function loadFigures(browser: Browser, stage: Stage, name: string, route: string, look: Look, count: number): Promise<Figure[]> {
  const cold: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const context = await fresh(browser, look);
    cold.push(...(await loads(context, stage, route, 1)));
    await context.close();
  }
  const context = await fresh(browser, look);
  const [, ...warm] = await loads(context, stage, route, count + 1);
  await context.close();
  const figures = (kind: string, times: readonly number[]): Figure[] => [
    { name: `${name}, ${kind}, median`, value: percentile(times, 0.5), unit: "ms", goal: GOAL_MS },
    { name: `${name}, ${kind}, p95`, value: percentile(times, 0.95), unit: "ms", goal: null },
  ];
  return [...figures("cold", cold), ...figures("warm", warm)];
}

/** A page of the same server with nothing in it, on the same processor: what no dashboard can undercut. */
export async function referenceFigures(browser: Browser, stage: Stage, look: Look, count: number): Promise<Figure[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const context = await visitor(browser, look);
    const { page } = await slowPage(context);
    await page.goto(`${stage.ready.url}/api/health`);
    times.push(await page.evaluate(() => new Promise<number>((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))));
    await context.close();
  }
  return [{ name: "reference: an empty page, cold, median", value: percentile(times, 0.5), unit: "ms", goal: null }];
}
