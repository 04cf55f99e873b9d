// Builds dist/: the page (index.html), the stable names for a WordPress page, and .gz and .br beside each file.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "vite";

await build({ logLevel: "warn" });

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL("manifest.json", dist), "utf8"));
const entry = manifest["index.html"].file;
const style = manifest["style.css"]?.file ?? manifest["index.html"].css[0];

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
