import type { BrowserContext, CDPSession, Page } from "playwright-core";

/** How much slower than this machine's a reader's processor is. */
export const SLOWER = 4;

/** What the page itself notes while it is measured. */
export interface Noted {
  /** When the first view was painted with figures, in ms since the navigation began; null = not yet. */
  shownAt: number | null;
  /** Worst time from an input to the next paint, by interaction. */
  readonly interactions: Map<number, number>;
  /** Names of what was interacted with, in the order of the entries. */
  readonly slow: string[];
  longTasksMs: number;
}

declare global {
  interface Window {
    noted: Noted;
  }
}

interface TimingEntry extends PerformanceEntry {
  readonly interactionId: number;
  readonly processingStart: number;
  readonly processingEnd: number;
  readonly target: Node | null;
}

/**
 * Runs in every page before its own scripts. The first view is there when the heading is, a figure
 * with a digit is, and no place inside the window is a skeleton any more; its time is that of the
 * frame after it.
 */
export function note(): void {
  const noted: Noted = { shownAt: null, interactions: new Map(), slow: [], longTasksMs: 0 };
  window.noted = noted;
  const isSeen = (one: Element): boolean => {
    const box = one.getBoundingClientRect();
    return box.height > 0 && box.top < window.innerHeight && box.bottom > 0;
  };
  // The cheap questions first: to ask for a box makes the browser lay the page out.
  const isThere = (): boolean => {
    const main = document.querySelector("main");
    if (main === null || main.querySelector("h1") === null) return false;
    const figure = [...main.querySelectorAll(".amount")].some((one) => /\d/.test(one.textContent));
    return figure && ![...main.querySelectorAll("[class*='pulse']")].some(isSeen);
  };
  const look = (): void => {
    if (isThere()) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        noted.shownAt = performance.now(); // the frame with the figures has been made
      };
      requestAnimationFrame(() => port2.postMessage(null));
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as TimingEntry[]) {
      if (entry.interactionId === 0) continue;
      noted.interactions.set(entry.interactionId, Math.max(noted.interactions.get(entry.interactionId) ?? 0, entry.duration));
      const [waited, worked] = [entry.processingStart - entry.startTime, entry.processingEnd - entry.processingStart];
      noted.slow.push(`${entry.name} ${entry.duration} ms (waited ${waited.toFixed(0)}, worked ${worked.toFixed(0)}) ${entry.target?.textContent?.slice(0, 30) ?? ""}`);
    }
  }).observe({ type: "event", durationThreshold: 16, buffered: true } as PerformanceObserverInit);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) noted.longTasksMs += entry.duration;
  }).observe({ type: "longtask", buffered: true });
}

/** A page on a slow processor. */
export async function slowPage(context: BrowserContext): Promise<{ page: Page; cdp: CDPSession }> {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  return { page, cdp };
}
