import type { Page } from "playwright-core";

/** What the page itself saw since `forget`. */
export interface Seen {
  shift: number;
  shifts: string[];
  refused: string[];
}

declare global {
  interface Window {
    seen: Seen;
  }
}

interface ShiftEntry extends PerformanceEntry {
  readonly value: number;
  readonly sources: readonly { readonly node: Node | null; readonly previousRect: DOMRectReadOnly; readonly currentRect: DOMRectReadOnly }[];
}

/** Runs in every page before its own scripts: counts every layout shift, also one after an input. */
export function observe(): void {
  const seen: Seen = { shift: 0, shifts: [], refused: [] };
  window.seen = seen;
  const named = (node: Node | null): string => {
    if (!(node instanceof Element)) return String(node?.nodeName);
    return `${node.tagName.toLowerCase()}.${(node.getAttribute("class") ?? "").slice(0, 60)} "${node.textContent.slice(0, 30)}"`;
  };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as ShiftEntry[]) {
      seen.shift += entry.value;
      const moved = entry.sources.map((one) => `${named(one.node)} y ${one.previousRect.y} to ${one.currentRect.y}`);
      seen.shifts.push(`${entry.value.toFixed(4)}: ${moved.join("; ")}`);
    }
  }).observe({ type: "layout-shift", buffered: true });
  document.addEventListener("securitypolicyviolation", (event) => {
    seen.refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile} ${event.sample}`);
  });
}

/** Collects what must not happen on a page: console errors, exceptions, refusals of the policy. */
export class Watch {
  readonly faults: string[] = [];

  constructor(page: Page, allowed: RegExp | null = null) {
    page.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      const text = `console ${message.type()}: ${message.text()} (${message.location().url})`;
      if (allowed?.test(text) !== true) this.faults.push(text);
    });
    page.on("pageerror", (error) => this.faults.push(`exception: ${error.message}`));
  }

  /** The faults so far, which are forgotten. */
  take(): string[] {
    return this.faults.splice(0);
  }
}

/** Waits until nothing is being loaded: no skeleton, no request on its way, fonts there. Returns what never came. */
export async function settled(page: Page): Promise<string[]> {
  const missing: string[] = [];
  const wait = (what: string, work: Promise<unknown>): Promise<unknown> => work.catch(() => missing.push(`waited in vain for ${what}`));
  await wait("a heading", page.locator("main h1").first().waitFor({ state: "attached" }));
  await wait("the end of skeletons", page.waitForFunction(() => document.querySelector("main [class*='pulse']") === null));
  await wait("the end of requests", page.waitForLoadState("networkidle"));
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
  });
  return missing;
}
