import { cleanup } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";

import { choose } from "@/shared/i18n";

import { server } from "./server";

/** happy-dom has none; nothing is ever seen, so batches wait for their button. */
class NothingSeen {
  observe(): void {
    return undefined;
  }
  disconnect(): void {
    return undefined;
  }
}
Object.assign(globalThis, { IntersectionObserver: NothingSeen });

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
beforeEach(() => {
  choose({ language: "en", digits: "latin", calendar: "gregorian", timeZone: "Asia/Tehran", theme: "light" });
});
afterEach(() => {
  cleanup();
  server.resetHandlers();
});
afterAll(() => server.close());
