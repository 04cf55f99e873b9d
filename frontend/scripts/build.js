// Builds dist/: the page (index.html), the stable names for a WordPress page, and .gz and .br beside each file.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "vite";

await build({ logLevel: "warn" });

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL("manifest.json", dist), "utf8"));
const entry = manifest["index.html"].file;
const style = manifest["style.css"]?.file ?? manifest["index.html"].css[0];

// What the first script will ask for, at once: index.html names only its static imports.
const closure = (key, seen = new Set()) => {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
};
const page = await readFile(new URL("index.html", dist), "utf8");
const links = [...closure("src/app/main.tsx")].filter((key) => key !== "index.html").map((key) => `    <link rel="modulepreload" crossorigin href="./${manifest[key].file}">\n`);
await writeFile(new URL("index.html", dist), page.replace(/(?= *<link rel="stylesheet")/, links.join("")));

// A classic script may import() too, and chunks never import this file, so its ?ver= cannot load it twice.
await writeFile(new URL("onefunders-analyze.js", dist), `import("./${entry}");\n`);
const css = await readFile(new URL(style, dist), "utf8");
const folder = style.slice(0, style.lastIndexOf("/") + 1);
await writeFile(new URL("onefunders-analyze.css", dist), css.replaceAll(/url\((["']?)(?:\.\/)?(?=[\w-]+\.woff2)/g, `url($1./${folder}`));

const compressible = /\.(js|css|html|json|svg)$/;
for (const name of await readdir(dist, { recursive: true })) {
  if (!compressible.test(name)) continue;
  const bytes = await readFile(new URL(name, dist));
  await writeFile(new URL(`${name}.gz`, dist), gzipSync(bytes, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  await writeFile(new URL(`${name}.br`, dist), brotliCompressSync(bytes, { params }));
}
