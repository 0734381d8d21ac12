// Makes a module of each folder of src/i18n: `virtual:words/de` holds the German words, compiled to what lingui reads.
// What a language does not say yet stands there in English, so that the client is never without words. `virtual:words/de/later`
// holds those that the first page does not need.
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { compileMessageOrThrow } from "@lingui/message-utils/compileMessage";
import type { Plugin, Rolldown } from "vite";
import { isLanguage, LANGUAGES } from "../src/i18n/languages.ts";

/** Every other language is made of these. */
export const SOURCE = "en";

const FOLDER = resolve(import.meta.dirname, "../src/i18n");
const NAME = "virtual:words/";
/** The mark by which Vite's plugins know what is theirs. */
const OWN = "\0";
/** Where the page begins to load the words, before anything else of it has come. */
const FIRST_SCRIPT = 'src="/first.js"';

/** The part of a language's words that is loaded with the parts of the page that say them, not with the first page. */
const LATER_PART = "/later";
/** The files of that part. Only the folders of these names say them. */
export const LATER: ReadonlySet<string> = new Set([
  "administration",
  "finder",
  "inbox",
  "invites",
  "members",
  "new-room",
  "notifications",
  "profile",
  "settings",
  "shortcuts",
  "welcome",
]);

export interface Source {
  key: string;
  text: string;
  file: string;
}

/** All texts of a language as they stand in its files, under their full keys: "sidebar.rooms". */
export function textsOf(language: string): Source[] {
  const folder = resolve(FOLDER, language);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .flatMap((name) => {
      const file = resolve(folder, name);
      const texts: Record<string, string> = JSON.parse(readFileSync(file, "utf8"));
      return Object.entries(texts).map(([key, text]) => ({ key: `${name.slice(0, -5)}.${key}`, text, file }));
    });
}

/** A language has a folder. */
export function languages(): string[] {
  const entries = readdirSync(FOLDER, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && /^[a-z]{2,3}$/.test(entry.name));
  return folders.map((entry) => entry.name).sort();
}

type Token = string | [string, ...unknown[]];

/** All of them, or one part only. */
export function compiled(language: string, part?: "first" | "later"): Record<string, Token[]> {
  const isRtl = isLanguage(language) && LANGUAGES[language].dir === "rtl";
  const messages: Record<string, Token[]> = {};
  for (const { key, text, file } of [...textsOf(SOURCE), ...textsOf(language)]) {
    if (part && LATER.has(key.slice(0, key.indexOf("."))) !== (part === "later")) continue;
    try {
      const tokens = compileMessageOrThrow(text) as Token[];
      messages[key] = isRtl ? isolated(tokens) : tokens;
    } catch (error) {
      throw new Error(`${file}: ${key}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return messages;
}

/** A name in Latin letters would pull the signs beside it to the wrong side of a line that runs from right to left. */
function isolated(tokens: Token[]): Token[] {
  return tokens.flatMap((token): Token[] => {
    if (typeof token === "string") return [token];
    const [name, kind, cases] = token;
    if (kind === undefined) return ["\u2068", token, "\u2069"];
    if (typeof cases !== "object" || cases === null) return [token];
    const branches = Object.entries(cases).map(([branch, inside]) => {
      return [branch, Array.isArray(inside) ? isolated(inside) : inside];
    });
    return [[name, kind, Object.fromEntries(branches)]];
  });
}

export function words(): Plugin {
  return {
    name: "parlor-words",
    resolveId(id) {
      return id.startsWith(NAME) ? OWN + id : null;
    },
    load(id) {
      if (!id.startsWith(OWN + NAME)) return null;
      const part = id.endsWith(LATER_PART) ? "later" : "first";
      const language = id.slice(OWN.length + NAME.length).replace(LATER_PART, "");
      for (const { file } of [...textsOf(SOURCE), ...textsOf(language)]) this.addWatchFile(file);
      return `export default ${JSON.stringify(compiled(language, part))};`;
    },
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle }) {
        if (!bundle) return html;
        const paths = JSON.stringify(pathsIn(bundle));
        if (!html.includes(FIRST_SCRIPT)) throw new Error(`index.html lacks ${FIRST_SCRIPT}`);
        return html.replace(FIRST_SCRIPT, `${FIRST_SCRIPT} data-words='${paths}'`);
      },
    },
  };
}

/** Language → address of its words. */
function pathsIn(bundle: Rolldown.OutputBundle): Record<string, string> {
  const found = languages().map((language) => {
    const chunk = Object.values(bundle).find((output) => {
      return output.type === "chunk" && output.facadeModuleId === OWN + NAME + language;
    });
    if (!chunk) throw new Error(`no module loads the words of ${language}`);
    return [language, `/${chunk.fileName}`];
  });
  return Object.fromEntries(found);
}
