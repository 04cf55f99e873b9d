// Looks at pages with a real browser: JSON on standard input, JSON on standard output.
// {playwright, axe, chromium, url, user, pages: [{path, fill, press, wait, grab, audit, picture, width}]}
// → [{text, grabbed, dir, lang, stored, faults, outside, violations, equities, missing}] by page.
// `fill` types into fields, `press` takes a link or button by the keyboard, `wait` is what must then
// show, `grab` whose text is wanted, `audit` what is looked at for accessibility.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const task = JSON.parse(readFileSync(0, "utf8"));
const { chromium } = createRequire(import.meta.url)(task.playwright);
const axe = readFileSync(task.axe, "utf8");
const browser = await chromium.launch({ executablePath: task.chromium, args: ["--no-sandbox"] });
const page = await browser.newPage();
let faults = [];
let outside = [];
let equities = [];
const hear = (text) => equities.push(...[...String(text).matchAll(/"equity_current":\s*([-0-9.]+)/g)].map((one) => one[1]));
page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
page.on("pageerror", (error) => faults.push(String(error)));
page.on("request", (request) => {
  const host = new URL(request.url()).hostname;
  if (!["127.0.0.1", ""].includes(host) && !request.url().startsWith("data:")) outside.push(request.url());
});
page.on("response", async (response) => {
  if (new URL(response.url()).pathname.startsWith("/api/")) hear(await response.text().catch(() => ""));
});
page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => hear(payload)));

async function auditOf(places) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((include) => window.axe.run({ include }, { resultTypes: ["violations"] }), places);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((one) => `${one.html.slice(0, 160)} ${one.failureSummary}`).join(" | ")}`);
}

async function look({ path, fill = {}, press, wait, grab, audit, picture, width = 1280 }) {
  [faults, outside, equities] = [[], [], []];
  await page.setViewportSize({ width, height: 900 });
  await page.goto(task.url + path);
  let missing = null;
  try {
    for (const [field, value] of Object.entries(fill)) await page.fill(field, value);
    if (press) await page.focus(press).then(() => page.keyboard.press("Enter"));
    await page.waitForSelector(wait, { timeout: 30000 });
  } catch (error) {
    missing = String(error);
  }
  const violations = audit && !missing ? await auditOf(audit) : [];
  const grabbed = grab && !missing ? await page.locator(grab).first().innerText() : "";
  if (picture) await page.screenshot({ path: picture, fullPage: true });
  const told = await page.evaluate(() => ({
    text: document.body.innerText,
    dir: document.documentElement.dir,
    lang: document.documentElement.lang,
    stored: JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), location.href]),
  }));
  return { ...told, grabbed, violations, equities, faults, outside, missing };
}

await page.goto(`${task.url}/wp-login.php`);
await page.fill("#user_login", task.user);
await page.fill("#user_pass", task.user);
await Promise.all([page.waitForNavigation(), page.click("#wp-submit")]);
const seen = [];
for (const each of task.pages) seen.push(await look(each));
await browser.close();
process.stdout.write(JSON.stringify(seen));
