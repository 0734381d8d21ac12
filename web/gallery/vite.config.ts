// The gallery is a site of its own: nothing of it gets into the client.
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { words } from "../vite/words.ts";

/** Without what it does to the page of the client, which loads its words before its program. */
const { transformIndexHtml: _, ...ownWords } = words();

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [react(), ownWords],
  base: "./",
  publicDir: false,
  cacheDir: fileURLToPath(new URL("../node_modules/.vite-gallery", import.meta.url)),
  build: {
    target: "baseline-widely-available",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    outDir: fileURLToPath(new URL("../../artifacts/gallery/site", import.meta.url)),
    emptyOutDir: true,
  },
});
