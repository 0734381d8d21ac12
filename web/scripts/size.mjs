// Fails when what the first page loads is larger than the budget: people wait for it on slow lines.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET = { js: 160 * 1024, css: 24 * 1024 };

const html = readFileSync("dist/index.html", "utf8");
const paths = [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((match) => match[1]);
// Nothing is shown without words: those of one language are part of the first page.
const words = JSON.parse(html.match(/data-words='([^']+)'/)[1]).en.slice(1);
const sums = { js: 0, css: 0 };
for (const path of [...paths, words]) sums[path.endsWith(".js") ? "js" : "css"] += sizeOf(path);
for (const [kind, size] of Object.entries(sums)) {
  process.stdout.write(`first load ${kind}: ${inKib(size)} KiB gzip of ${BUDGET[kind] / 1024}\n`);
  if (size > BUDGET[kind]) process.exitCode = 1;
}
process.stdout.write(`words among them: ${inKib(sizeOf(words))} KiB\n`);

function sizeOf(path) {
  return gzipSync(readFileSync(`dist/${path}`)).length;
}

function inKib(size) {
  return (size / 1024).toFixed(1);
}
