// How the client is built. Everything that the browser loads is a file of its own from the same origin: the
// server's content security policy allows no inline script, no inline style and no data: font.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { compressed } from "./vite/compressed.ts";
import { firstPage } from "./vite/first-page.ts";
import { words } from "./vite/words.ts";
import { worker } from "./vite/worker.ts";

// Where `npm run dev` finds a running server.
const server = process.env.PARLOR_SERVER ?? "http://127.0.0.1:8000";

export default defineConfig({
  // The last one takes the files as they are when the others are done with them.
  plugins: [react(), words(), worker(), compressed()],
  // The build script of the crate points this at cargo's output folder, so that builds for different
  // target folders do not share a cache.
  cacheDir: process.env.PARLOR_VITE_CACHE ?? "node_modules/.vite",
  build: {
    target: "baseline-widely-available",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: firstPage(), debugName: "first page" }] } },
    },
  },
  server: {
    // The server checks that Origin is its own; the proxy speaks in its name.
    proxy: {
      "/api": { target: server, ws: true, changeOrigin: true, headers: { origin: server } },
    },
  },
  test: {
    environment: "node",
    include: ["src/**/*.test.ts"],
    setupFiles: ["src/i18n/tests/in-english.ts"],
  },
});
