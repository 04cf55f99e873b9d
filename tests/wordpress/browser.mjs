// Looks at pages with a real browser: JSON on standard input, JSON on standard output.
// {playwright, chromium, url, user, pages: [{path, wait, picture, width}]}
// → [{text, faults, outside, dir, shot}] in the order of pages.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const task = JSON.parse(readFileSync(0, "utf8"));
const { chromium } = createRequire(import.meta.url)(task.playwright);
const browser = await chromium.launch({ executablePath: task.chromium, args: ["--no-sandbox"] });
const page = await browser.newPage();
let faults = [];
let outside = [];
page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
page.on("pageerror", (error) => faults.push(String(error)));
page.on("request", (request) => {
  const host = new URL(request.url()).hostname;
  if (!["127.0.0.1", ""].includes(host) && !request.url().startsWith("data:")) outside.push(request.url());
});
await page.goto(`${task.url}/wp-login.php`);
await page.fill("#user_login", task.user);
await page.fill("#user_pass", task.user);
await Promise.all([page.waitForNavigation(), page.click("#wp-submit")]);
const seen = [];
for (const each of task.pages) {
  faults = [];
  outside = [];
  await page.setViewportSize({ width: each.width ?? 1280, height: 900 });
  await page.goto(task.url + each.path);
  let missing = null;
  try {
    await page.waitForSelector(each.wait, { timeout: 30000 });
  } catch (error) {
    missing = String(error);
  }
  if (each.picture) await page.screenshot({ path: each.picture, fullPage: true });
  const [text, dir, stored] = await page.evaluate(() => [
    document.body.innerText,
    document.documentElement.dir,
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), location.href]),
  ]);
  seen.push({ text, dir, stored, faults, outside, missing });
}
await browser.close();
process.stdout.write(JSON.stringify(seen));
