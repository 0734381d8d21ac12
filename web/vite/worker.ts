// Builds the service worker with the client: to a fixed address, and with the names of all files that it may keep.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Plugin, Rolldown } from "vite";
import { entryOf } from "../src/api/page.ts";
import type { Build } from "../src/worker/messages.ts";

const PUBLIC = resolve(import.meta.dirname, "../public");
const ENTRY = "src/worker/sw.ts";
const WORKER = "sw.js";

/** Parts that are loaded later and are not larger than this, in bytes, are kept from the beginning. */
const SMALL = 10 * 1024;

export function worker(): Plugin {
  return {
    name: "parlor-worker",
    apply: "build",
    config: () => ({
      build: {
        rolldownOptions: {
          input: { index: "index.html", sw: ENTRY },
          output: {
            entryFileNames: ({ name }) => (name === "sw" ? WORKER : "assets/[name]-[hash].js"),
          },
        },
      },
    }),
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const chunk = bundle[WORKER];
        if (chunk?.type !== "chunk") throw new Error(`${WORKER} was not built`);
        // Not every browser lets a worker of this kind import.
        if (chunk.imports.length > 0 || chunk.dynamicImports.length > 0)
          throw new Error(`${WORKER} imports ${chunk.imports}`);
        chunk.code = `const BUILD=${JSON.stringify(buildOf(bundle))};\n${chunk.code}`;
      },
    },
  };
}

function buildOf(bundle: Rolldown.OutputBundle): Build {
  const built = Object.values(bundle).filter(({ fileName }) => fileName !== WORKER);
  const page = built.find(({ fileName }) => fileName === "index.html");
  if (page?.type !== "asset") throw new Error("index.html was not built");
  const html = Buffer.from(page.source).toString();
  // What is served under its own name. The pictures are for the system, which keeps its own copy.
  const fixed = readdirSync(PUBLIC).filter((name) => !name.endsWith(".png"));
  const hash = createHash("sha256").update(html);
  for (const name of fixed) hash.update(readFileSync(resolve(PUBLIC, name)));

  const script = entryOf(html);
  if (!script) throw new Error("the page begins with no script");
  const needed = new Set(built.filter(({ fileName }) => html.includes(`"/${fileName}"`)));
  // What is imported by what the page loads is loaded with it.
  for (const output of needed) {
    const imported = output.type === "chunk" ? output.imports : [];
    for (const name of imported) if (bundle[name]) needed.add(bundle[name]);
  }
  const isShell = (output: (typeof built)[number]) => {
    if (output.fileName.endsWith(".woff2") || output === page || needed.has(output)) return true;
    return sizeOf(output) <= SMALL;
  };
  const pathsOf = (outputs: typeof built) => outputs.map(({ fileName }) => `/${fileName}`).sort();
  const shell = pathsOf(built.filter(isShell));
  const parts = pathsOf(built.filter((output) => !isShell(output)));
  hash.update([...shell, ...parts].join());
  return {
    version: hash.digest("hex").slice(0, 16),
    script,
    shell: [...shell, ...fixed.map((name) => `/${name}`)],
    parts,
  };
}

function sizeOf(output: Rolldown.OutputAsset | Rolldown.OutputChunk): number {
  return Buffer.byteLength(output.type === "chunk" ? output.code : output.source);
}
