import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The server to talk to while developing: `ONEFUNDERS_SERVER=http://127.0.0.1:8000 npm run dev`. */
const server = process.env["ONEFUNDERS_SERVER"] ?? "http://127.0.0.1:8000";
const proxy = { "/api": { target: server, ws: true } };

export default defineConfig({
  base: "./", // works at any path, also inside a WordPress plugin's folder
  plugins: [react()],
  resolve: { alias: { "@": here("./src"), "@words": here("../web/words") } },
  build: {
    outDir: "dist",
    manifest: "manifest.json",
    target: "es2022",
    cssCodeSplit: false, // one style sheet, under one stable name for WordPress
    assetsInlineLimit: 0, // no data: addresses, the CSP allows self only
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The library of the chart is a chunk of its own: it changes rarely, and has a budget of its own.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "lightweight-charts", test: /node_modules[\\/](lightweight-charts|fancy-canvas)[\\/]/ }] } } },
  },
  server: { proxy, fs: { allow: ["..", "."] } },
  preview: { proxy },
  test: {
    environment: "happy-dom",
    setupFiles: ["src/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    css: true, // contrast.test.ts reads the colours
  },
});
