// Fails when what the first page loads is larger than the budget: people wait for it on slow lines.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET = { js: 160 * 1024, css: 24 * 1024 };

const html = readFileSync("dist/index.html", "utf8");
const paths = [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((match) => match[1]);
// Nothing is shown without words: those of one language belong to the first page.
const words = Object.values(JSON.parse(html.match(/data-words='([^']+)'/)[1])).map((path) => path.slice(1));
const sums = { js: 0, css: 0 };
for (const path of paths) sums[path.endsWith(".js") ? "js" : "css"] += sizeOf(path);
const largest = Math.max(...words.map(sizeOf));
sums.js += largest;
for (const [kind, size] of Object.entries(sums)) {
  const note = kind === "js" ? `, with ${inKib(largest)} of words` : "";
  process.stdout.write(`first load ${kind}: ${inKib(size)} KiB gzip of ${BUDGET[kind] / 1024}${note}\n`);
  if (size > BUDGET[kind]) process.exitCode = 1;
}

function sizeOf(path) {
  return gzipSync(readFileSync(`dist/${path}`)).length;
}

function inKib(size) {
  return (size / 1024).toFixed(1);
}
