// What the first page needs goes into one file: pieces that parts loaded later share with it would otherwise each become a
// file of their own, to be fetched and named by every part.
import { resolve } from "node:path";
import type { Rolldown } from "vite";

const ENTRY = resolve(import.meta.dirname, "../src/main.tsx");

/** The name of the file for a module: `null` leaves it to the bundler. */
export function firstPage(): (id: string, context: Rolldown.ChunkingContext) => string | null {
  let first: Set<string> | null = null;
  return (id, context) => {
    first ??= reachedFrom(ENTRY, context);
    return first.has(id) ? "first" : null;
  };
}

/** The modules that come with this one at once, itself among them. */
function reachedFrom(entry: string, context: Rolldown.ChunkingContext): Set<string> {
  const found = new Set([entry]);
  for (const id of found) for (const next of context.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  return found;
}
