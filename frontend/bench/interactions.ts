import type { Browser, Page } from "playwright-core";

import { type Look, visitor } from "../e2e/browser";
import type { Stage } from "../e2e/stage";
import { settled } from "../e2e/watch";
import { type Figure, percentile } from "./figures";
import { LIVE_MS, quicken } from "./live";
import { note, slowPage } from "./page";

const GOAL_MS = 200;
const BUSY = "700200001";
const NEAR_FLOOR = "700200002";

type Act = (page: Page) => Promise<void>;

const click = (name: string | RegExp, role: "button" | "tab" | "radio" = "button"): Act => async (page) => {
  const found = page.locator("main").getByRole(role, { name }).first();
  await found.scrollIntoViewIfNeeded();
  if (role === "radio") await found.locator("..").click();
  else await found.click();
};
const press = (key: string): Act => (page) => page.keyboard.press(key);
const type = (text: string): Act => async (page) => {
  await page.locator("main input[type=search]").focus();
  for (const key of text) await page.keyboard.press(key);
};
const inSelect = (label: string): Act => async (page) => {
  await page.locator("main").getByLabel(label).first().focus();
  await page.keyboard.press("ArrowDown");
};
const shell = (name: RegExp): Act => (page) => page.locator("header").getByRole("button", { name }).first().click();

const ON_OVERVIEW: readonly Act[] = [
  type("70"), press("Backspace"), press("Backspace"),
  click(/^Needs you|^Near a limit/, "radio"), click(/^All/, "radio"), click(/^Running/, "radio"), click(/^All/, "radio"),
  inSelect("Sort by"), inSelect("Sort by"), inSelect("Sort by"),
  shell(/Switch account/), press("7"), press("Escape"),
  shell(/Clocks/), press("Escape"),
  shell(/ark/), shell(/ight/),
  click("Show more"), click("Show more"), click("Show more"),
];

const ON_ACCOUNT: readonly Act[] = [
  click(/headroom/i), press("Escape"), click(/floor/i), press("Escape"), click(/used/i), press("Escape"), click(/^Equity/), press("Escape"),
  click("1 day", "radio"), click("30 days", "radio"), click("All", "radio"), click("7 days", "radio"), click("%", "radio"),
  click(/Show as table/), click(/Show as chart|chart/i), click(/Zoom in/), click(/Earlier/),
  click(/Month before/), click(/Weekday/, "tab"), click(/Hour/, "tab"), click(/Duration/, "tab"),
  shell(/ark/), shell(/ight/),
];

const ON_TRADES: readonly Act[] = [
  click("Next"), click("Next"), click("Previous"),
  click("Net result"), click("Net result"), click("Opened"),
  inSelect("Symbol"), inSelect("Symbol"), inSelect("Side"),
  click(/Deals of/), click(/Deals of/), click(/Export/), press("Escape"),
];

/** What each interaction cost until the next paint, in ms, while an account moves four times a second. */
export async function interactionFigures(browser: Browser, stage: Stage, look: Look, verbose: boolean): Promise<Figure[]> {
  const id = (login: string): string => stage.account(login).account_id;
  const visits: readonly (readonly [string, string, string, readonly Act[]])[] = [
    ["overview, 500 accounts", "/", id(NEAR_FLOOR), ON_OVERVIEW],
    ["account", `/account/${id(NEAR_FLOOR)}`, id(NEAR_FLOOR), ON_ACCOUNT],
    ["trades, 10,000 of them", `/account/${id(BUSY)}/trades`, id(BUSY), ON_TRADES],
  ];
  const figures: Figure[] = [];
  for (const [name, route, account, acts] of visits) {
    const found = await visit(browser, stage, look, { route, account, acts, verbose });
    figures.push(
      { name: `next paint, ${name}, worst of ${found.length}`, value: percentile(found, 1), unit: "ms", goal: GOAL_MS },
      { name: `next paint, ${name}, median`, value: percentile(found, 0.5), unit: "ms", goal: null },
    );
  }
  return figures;
}

interface Visit {
  readonly route: string;
  readonly account: string;
  readonly acts: readonly Act[];
  readonly verbose: boolean;
}

async function visit(browser: Browser, stage: Stage, look: Look, { route, account, acts, verbose }: Visit): Promise<number[]> {
  const { text: summary } = await stage.read(stage.ready.users.alice, `/api/account/${account}/summary`);
  const context = await visitor(browser, look);
  context.setDefaultTimeout(10_000);
  await context.addInitScript(note);
  await context.addInitScript(quicken, { account, summary, everyMs: LIVE_MS });
  const { page } = await slowPage(context);
  await page.goto(`${stage.ready.url}/#code=${await stage.code(stage.ready.users.alice)}${route}`);
  await settled(page);
  for (const act of acts) {
    await act(page);
    await page.evaluate(() => new Promise((later) => setTimeout(later, 300))); // a reader looks at what came
  }
  // Below the least that browsers tell (16 ms) an interaction has no entry: it was at most that.
  const told = await page.evaluate(() => ({ worst: [...window.noted.interactions.values()], slow: window.noted.slow }));
  if (verbose) process.stderr.write(`${told.slow.filter((one) => !/ (16|24|32|40|48|56|64|72|80) ms/.test(one)).join("\n")}\n`);
  await context.close();
  return told.worst;
}
