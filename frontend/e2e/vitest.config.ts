import { defineConfig } from "vitest/config";

/** The browser tests: one file, so that all share one server and one browser. Run by `make e2e`. */
export default defineConfig({
  test: {
    include: ["e2e/all.test.ts"],
    environment: "node",
    testTimeout: 120_000,
    hookTimeout: 180_000,
    reporters: ["default"],
  },
});
