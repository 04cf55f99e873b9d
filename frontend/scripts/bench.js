// Runs bench/main.ts: `node scripts/bench.js [--json] [--loads N]`. Exit 1 when a goal is missed.
import { runnerImport } from "vite";

const { module } = await runnerImport("./bench/main.ts", { configFile: false, logLevel: "error" });
process.exitCode = await module.bench(process.argv.slice(2));
