// Colours for code. What knows the languages is large and comes when the first code with a language is seen; until then,
// and if it does not come, code is plain.
import { useEffect, useMemo, useState } from "react";

/** A run of code in one colour; `look`: a class of message-text.css. */
export interface Shade {
  look: string | null;
  text: string;
}

type Highlighter = (language: string, text: string) => readonly Shade[] | null;

/** Longer code stays plain: colours would take longer than reading on. In UTF-16 units. */
const CHARS_MAX = 20_000;

/** Languages with colours, and the names under which they are typed. */
export const LANGUAGES: Readonly<Record<string, { name: string; typed: string }>> = {
  bash: { name: "Shell", typed: "bash sh zsh shell console" },
  c: { name: "C", typed: "c h" },
  cpp: { name: "C++", typed: "cpp c++ cc hpp cxx" },
  csharp: { name: "C#", typed: "csharp cs c#" },
  css: { name: "CSS", typed: "css" },
  diff: { name: "Diff", typed: "diff patch" },
  go: { name: "Go", typed: "go golang" },
  ini: { name: "TOML", typed: "toml ini" },
  java: { name: "Java", typed: "java" },
  javascript: { name: "JavaScript", typed: "javascript js jsx mjs cjs" },
  json: { name: "JSON", typed: "json jsonc" },
  kotlin: { name: "Kotlin", typed: "kotlin kt" },
  markdown: { name: "Markdown", typed: "markdown md" },
  php: { name: "PHP", typed: "php" },
  python: { name: "Python", typed: "python py" },
  ruby: { name: "Ruby", typed: "ruby rb" },
  rust: { name: "Rust", typed: "rust rs" },
  sql: { name: "SQL", typed: "sql" },
  swift: { name: "Swift", typed: "swift" },
  typescript: { name: "TypeScript", typed: "typescript ts tsx" },
  xml: { name: "HTML", typed: "xml html svg" },
  yaml: { name: "YAML", typed: "yaml yml" },
};

const BY_TYPED = new Map(
  Object.entries(LANGUAGES).flatMap(([id, { typed }]) => typed.split(" ").map((word) => [word, id])),
);
/** Where two languages share the colours, what was typed names it. */
const NAMES = new Map([
  ["ini", "INI"],
  ["xml", "XML"],
  ["svg", "SVG"],
]);

let loaded: Highlighter | null = null;
let loading: Promise<Highlighter> | null = null;

export function nameOfLanguage(typed: string): string {
  const id = BY_TYPED.get(typed);
  return NAMES.get(typed) ?? (id === undefined ? typed : (LANGUAGES[id]?.name ?? typed));
}

/** The code in its colours; `null`: plain. */
export function useShades(typed: string, text: string): readonly Shade[] | null {
  const id = text.length <= CHARS_MAX ? BY_TYPED.get(typed) : undefined;
  const [isLoaded, setIsLoaded] = useState(loaded !== null);
  const isWanted = id !== undefined && !isLoaded;
  useEffect(() => {
    if (!isWanted) return;
    let isCurrent = true;
    load()
      .then(() => isCurrent && setIsLoaded(true))
      // It stays plain, and readable.
      .catch(() => {});
    return () => {
      isCurrent = false;
    };
  }, [isWanted]);
  return useMemo(() => (id && isLoaded && loaded ? loaded(id, text) : null), [id, isLoaded, text]);
}

async function load(): Promise<void> {
  loading ??= import("./highlighter.ts").then((module) => module.highlight);
  try {
    loaded = await loading;
  } catch (error) {
    // The next code asks again.
    loading = null;
    throw error;
  }
}
