// Fails when what the first page loads is larger than the budget: people wait for it on slow lines.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET = { js: 160 * 1024, css: 24 * 1024 };

const html = readFileSync("dist/index.html", "utf8");
const paths = [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((match) => match[1]);
const sums = { js: 0, css: 0 };
for (const path of paths)
  sums[path.endsWith(".js") ? "js" : "css"] += gzipSync(readFileSync(`dist/${path}`)).length;
for (const [kind, size] of Object.entries(sums)) {
  process.stdout.write(
    `first load ${kind}: ${(size / 1024).toFixed(1)} KiB gzip of ${BUDGET[kind] / 1024}\n`,
  );
  if (size > BUDGET[kind]) process.exitCode = 1;
}
