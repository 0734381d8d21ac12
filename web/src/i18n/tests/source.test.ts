// The source against the words: none is missing, none is left over, none stands in the source itself.
import { readdirSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { LATER, SOURCE, textsOf } from "../../../vite/words.ts";
import { literalsIn } from "./literals.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** Keys that are put together: one for each of the server's codes. */
const FAMILIES = [/^errors\./];

/** Folders that still have words of their own. */
const NOT_YET: readonly string[] = [];

/** The same in every language, also languages to program in, and the names that browsers have for keys and for their own
 * things. */
const NAMES = new Set([
  ...["Parlor", "· Parlor", "GitHub", "Chats", "Chatroom", "Flask chat"],
  ...["Firefox", "Edge", "Opera", "Chrome", "Safari", "Android", "Windows", "Linux"],
  ...["Diff", "Go", "Java", "Kotlin", "Markdown", "Python", "Ruby", "Rust", "Shell", "Swift"],
  ...["Alt", "Control", "Ctrl", "Del", "Delete", "End", "Enter", "Esc", "Escape", "Home", "Shift", "Tab"],
  ...["Notification"],
]);

/** Speak with the server, which speaks English, or make no words. */
const WITHOUT_WORDS =
  /^(?:api|sync)\/|^i18n\/languages\.ts$|^main\.tsx$|\.gen\.ts$|\.test\.ts$|(?:^|\/)tests\//;

const files = readdirSync(ROOT, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => relative(ROOT, resolve(entry.parentPath, entry.name)).replaceAll("\\", "/"))
  .filter((path) => !WITHOUT_WORDS.test(path))
  .map((path) => ({ path, source: readFileSync(resolve(ROOT, path), "utf8") }));

const keys = new Set(textsOf(SOURCE).map(({ key }) => key));

/** Loaded with the words of the parts that come later: their folders, and what only they load. */
const isLater = (path: string) =>
  path === "app/shortcut-table.ts" || LATER.has(/^features\/([\w-]+)\//.exec(path)?.[1] ?? "");

describe("the source", () => {
  it("uses every word", () => {
    const all = files.map(({ source }) => source).join("\n");
    const used = new Set([...all.matchAll(/"([\w-]+\.[\w-]+)"/g)].map(([, key]) => key));
    const unused = [...keys].filter((key) => !used.has(key) && !FAMILIES.some((family) => family.test(key)));
    expect(unused).toEqual([]);
  });

  it("says words that are loaded later only where they are loaded", () => {
    const found = files.flatMap(({ path, source }) => {
      const used = [...source.matchAll(/"([\w-]+)\.[\w-]+"/g)].filter(([all]) => keys.has(all.slice(1, -1)));
      const later = used.filter(([, file = ""]) => LATER.has(file) && !isLater(path));
      return later.map(([key]) => `${path}: ${key}`);
    });
    expect(found).toEqual([]);
  });

  it("holds no words of its own", () => {
    const found = files
      .filter(({ path }) => !NOT_YET.some((folder) => path.startsWith(`${folder}/`)))
      .flatMap(({ path, source }) => {
        const literals = literalsIn(path, source, (text) => keys.has(text) || NAMES.has(text));
        return literals.map(({ line, text }) => `${path}:${line}: ${text}`);
      });
    expect(found).toEqual([]);
  });

  it("names every place that its words have", () => {
    const texts = new Map(textsOf(SOURCE).map(({ key, text }) => [key, text]));
    const calls = files.flatMap(({ path, source }) => {
      const found = source.matchAll(/\bt\(\s*"([\w-]+\.[\w-]+)"\s*(\)|,\s*\{([^}]*)\})/g);
      return [...found].map(([, key = "", , values = ""]) => ({ path, key, values }));
    });
    for (const { path, key, values } of calls) {
      const named = [...values.matchAll(/(?:^|,)\s*(\w+)/g)].map(([, name]) => name);
      const places = [...(texts.get(key) ?? "").matchAll(/\{(\w+)\s*[,}]/g)].map(([, name]) => name);
      expect({ path, key, places: [...new Set(named)].sort() }).toEqual({
        path,
        key,
        places: [...new Set(places)].sort(),
      });
    }
  });
});
