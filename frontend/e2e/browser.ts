import { access } from "node:fs/promises";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

import type { Stage } from "./stage";
import { observe, Watch } from "./watch";

/** How a reader looks at a page. */
export interface Look {
  readonly theme: "light" | "dark";
  readonly language: "en" | "fa";
  readonly width: 360 | 1280;
}

export const LOOKS: readonly Look[] = (["light", "dark"] as const).flatMap((theme) =>
  (["en", "fa"] as const).flatMap((language) => ([360, 1280] as const).map((width) => ({ theme, language, width }))),
);
export const PLAIN: Look = { theme: "light", language: "en", width: 1280 };

const ARGUMENTS = [
  "--no-sandbox", // runs as root in a container
  "--disable-dev-shm-usage",
  "--font-render-hinting=none",
  // A page that a test serves in the server's place may reach the server on loopback.
  "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,LocalNetworkAccessChecksWebSockets",
];

/** Debian's chromium, which `make e2e` installs, or the one that CHROMIUM names. */
export async function launch(): Promise<Browser> {
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  await access(executablePath);
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

/** A reader's browser window; nothing is shared with another reader's. */
export async function visitor(browser: Browser, look: Look): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.width === 360 ? 740 : 900 },
    colorScheme: look.theme,
    locale: look.language === "fa" ? "fa-IR" : "en-GB",
    timezoneId: "Asia/Tehran",
  });
  context.setDefaultTimeout(30_000);
  await context.addInitScript(observe);
  return context;
}

/** A page with the dashboard of a user, opened as the shop's link opens it. */
export async function enter(context: BrowserContext, stage: Stage, user: number, allowed: RegExp | null = null): Promise<{ page: Page; watch: Watch }> {
  const page = await context.newPage();
  const watch = new Watch(page, allowed);
  await page.goto(`${stage.ready.url}/#code=${await stage.code(user)}`);
  await page.locator("main h1").first().waitFor({ state: "attached" });
  return { page, watch };
}

/**
 * Goes to a route of the dashboard as a link does: within the page.
 *
 * The exchange of one route for another follows a reader's click, which browsers do not count as a
 * layout shift: what is seen is forgotten once the new route has been painted.
 */
export async function go(page: Page, route: string): Promise<void> {
  await page.evaluate(async (hash) => {
    window.location.hash = hash;
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    Object.assign(window.seen, { shift: 0, shifts: [] });
  }, route);
}
