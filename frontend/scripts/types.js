// Writes src/shared/api/schema.ts from ../web/openapi.json; `--check` only says whether it is stale.
import openapiTS, { astToString } from "openapi-typescript";
import { readFile, writeFile } from "node:fs/promises";

const source = new URL("../../web/openapi.json", import.meta.url);
const target = new URL("../src/shared/api/schema.ts", import.meta.url);
const head = "// Written by scripts/types.js from web/openapi.json (`make frontend-types`). Do not edit.\n\n";
const fresh = head + astToString(await openapiTS(source));

if (process.argv.includes("--check")) {
  const stored = await readFile(target, "utf8").catch(() => "");
  if (stored !== fresh) {
    console.error("src/shared/api/schema.ts is stale: run `make frontend-types` and commit it.");
    process.exit(1);
  }
} else {
  await writeFile(target, fresh);
}
