import type { Browser } from "playwright-core";
import { afterAll, beforeAll } from "vitest";

import { launch } from "./browser";
import { Stage } from "./stage";

/** The one server and the one browser of all browser tests. */
export interface World {
  stage: Stage;
  browser: Browser;
}

export function makeWorld(): World {
  const world = {} as World;
  beforeAll(async () => {
    [world.stage, world.browser] = await Promise.all([Stage.start(), launch()]);
  });
  afterAll(async () => {
    await world.browser.close();
    await world.stage.end();
  });
  return world;
}

/** Asks again until it is so; a test's own timeout ends it. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((later) => setTimeout(later, 200));
}
