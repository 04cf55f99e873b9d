// Weighs dist/ with zlib and fails over budget (kB = 1,000 bytes gzip).
import { readdir, readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL("manifest.json", dist), "utf8"));
const weigh = async (file) => {
  const bytes = await readFile(new URL(file, dist));
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
};
/** The files that load with a chunk: itself and its static imports. */
const closure = (key, seen = new Set()) => {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
};
const total = async (keys) => {
  const all = await Promise.all([...keys].map((key) => weigh(manifest[key].file)));
  return { raw: all.reduce((sum, one) => sum + one.raw, 0), gzip: all.reduce((sum, one) => sum + one.gzip, 0) };
};

const rows = [];
const row = (what, bytes, limit) => rows.push({ what, bytes, limit, over: bytes > limit });
const initial = closure("index.html");
// The shell's own lazy parts load on every page: they count as initial, and not again for a route.
const shell = new Set(initial);
for (const part of ["src/app/AccountSwitcher.tsx", "src/app/Clocks.tsx"]) closure(part, shell);
const js = await total(shell);
row("initial JS with the shell's lazy parts, gzip", js.gzip, 110_000);
row("initial JS of the first script, raw", (await total(initial)).raw, 299_999);

const files = await readdir(dist, { recursive: true });
const css = await Promise.all(files.filter((name) => /^assets.*\.css$/.test(name)).map(weigh));
const cssWeight = css.reduce((sum, one) => sum + one.gzip, 0);
row("CSS, gzip", cssWeight, 12_000);
const fonts = await Promise.all(files.filter((name) => name.endsWith(".woff2")).map(weigh));
const fontWeight = fonts.reduce((sum, one) => sum + one.raw, 0);
row("fonts", fontWeight, 60_000);

let heaviestRoute = 0;
for (const key of Object.keys(manifest).filter((name) => manifest[name].isDynamicEntry)) {
  const own = [...closure(key)].filter((name) => !shell.has(name));
  const chart = own.filter((name) => /lightweight-charts/.test(name + manifest[name].file + (manifest[name].name ?? "")));
  if (chart.length > 0) row(`chart chunk of ${key}, gzip`, (await total(chart)).gzip, 62_000);
  const rest = await total(own.filter((name) => !chart.includes(name)));
  row(`lazy ${key.replace(/^(\.\.\/)*src\//, "")}, gzip`, rest.gzip, 25_000);
  if (/^src\/features\/overview\//.test(key)) heaviestRoute = rest.gzip;
}
row("first view in all (page, JS, CSS, fa font, overview)", js.gzip + cssWeight + fontWeight + heaviestRoute + (await weigh("index.html")).gzip, 190_000);

const verbose = process.argv.includes("--verbose");
for (const { what, bytes, limit, over } of rows) {
  if (over || verbose) console.log(`${over ? "OVER " : "ok   "}${what}: ${bytes.toLocaleString("en")} of ${limit.toLocaleString("en")} bytes`);
}
if (rows.some(({ over }) => over)) process.exit(1);
