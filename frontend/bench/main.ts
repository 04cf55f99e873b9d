import { cpus, loadavg } from "node:os";

import { launch, PLAIN } from "../e2e/browser";
import { type CastAccount, Stage } from "../e2e/stage";
import { type Figure, missed, table } from "./figures";
import { interactionFigures } from "./interactions";
import { loadFigures, referenceFigures } from "./loads";
import { SLOWER } from "./page";

const load = (): string => loadavg().map((each) => each.toFixed(2)).join(" ");
const after = (options: readonly string[], name: string, usual: number): number => {
  const at = options.indexOf(name);
  return at === -1 ? usual : Number(options[at + 1]);
};

const account = (one: CastAccount | undefined): string => `/account/${one?.account_id ?? ""}`;

/** Measures the dashboard in Chromium on a processor made four times slower; 1 = a goal was missed. */
export async function bench(options: readonly string[]): Promise<number> {
  const count = after(options, "--loads", 7);
  const verbose = options.includes("--verbose");
  process.stderr.write("500 accounts log in …\n");
  const [stage, browser] = await Promise.all([Stage.start("tests.e2e.crowd"), launch()]);
  const before = load();
  const [busy, near] = stage.ready.accounts;
  const phone = { ...PLAIN, width: 360 } as const;
  const figures: Figure[] = [];
  const measure = async (work: Promise<Figure[]>): Promise<void> => {
    const found = await work;
    figures.push(...found);
    if (verbose) process.stderr.write(`${table(found)}\n`);
  };
  try {
    if (count > 0) {
      await measure(referenceFigures(browser, stage, PLAIN, count));
      await measure(loadFigures(browser, stage, "/", "", PLAIN, count));
      await measure(loadFigures(browser, stage, "/account/:id", account(near), PLAIN, count));
      await measure(loadFigures(browser, stage, "/ on a phone", "", phone, count));
      await measure(loadFigures(browser, stage, "/account/:id on a phone", account(busy), phone, count));
    }
    await measure(interactionFigures(browser, stage, PLAIN, verbose));
  } finally {
    await browser.close();
    await stage.end();
  }
  const about = {
    machine: `${cpus().length} cores, ${cpus()[0]?.model ?? "unknown"}, processor slowed ${SLOWER} times`,
    browser: `Chromium ${browser.version()}`,
    "load average": `${before} before, ${load()} after`,
  };
  if (options.includes("--json")) {
    process.stdout.write(`${JSON.stringify({ ...about, figures: figures.map((one) => ({ ...one, met: one.goal === null ? null : !missed(one) })) }, null, 2)}\n`);
  } else {
    for (const [name, value] of Object.entries(about)) process.stdout.write(`${name}: ${value}\n`);
    process.stdout.write(`\n${table(figures)}\n`);
  }
  return figures.some(missed) ? 1 : 0;
}
