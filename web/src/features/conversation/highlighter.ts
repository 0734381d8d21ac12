// The languages themselves, loaded later: highlight.js through lowlight, which gives a tree and not HTML.
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import csharp from "highlight.js/lib/languages/csharp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import kotlin from "highlight.js/lib/languages/kotlin";
import markdown from "highlight.js/lib/languages/markdown";
import php from "highlight.js/lib/languages/php";
import python from "highlight.js/lib/languages/python";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import swift from "highlight.js/lib/languages/swift";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import { createLowlight } from "lowlight";
import type { Shade } from "./highlight.ts";

const lowlight = createLowlight({
  bash,
  c,
  cpp,
  csharp,
  css,
  diff,
  go,
  ini,
  java,
  javascript,
  json,
  kotlin,
  markdown,
  php,
  python,
  ruby,
  rust,
  sql,
  swift,
  typescript,
  xml,
  yaml,
});

/** The many kinds of highlight.js in the few colours of the page. */
const LOOKS: readonly (readonly [look: string, kinds: string])[] = [
  ["code-quiet", "comment quote meta"],
  ["code-word", "keyword selector-tag tag literal type built_in doctag section"],
  ["code-string", "string regexp addition link symbol bullet"],
  ["code-number", "number attr attribute variable template-variable selector-class selector-id params"],
  ["code-name", "title name function class property"],
  ["code-gone", "deletion"],
];
const LOOK_OF = new Map(
  LOOKS.flatMap(([look, kinds]) => kinds.split(" ").map((kind) => [`hljs-${kind}`, look])),
);

type Node = ReturnType<typeof lowlight.highlight>["children"][number];

/** `null`: this language is not among them. */
export function highlight(language: string, text: string): readonly Shade[] | null {
  if (!lowlight.registered(language)) return null;
  return lowlight.highlight(language, text).children.flatMap((node) => shadesOf(node, null));
}

/** What is inside of what has a colour has it too, unless it has one of its own. */
function shadesOf(node: Node, around: string | null): Shade[] {
  if (node.type === "text") return [{ look: around, text: node.value }];
  if (node.type !== "element") return [];
  const classes = node.properties.className;
  const first = Array.isArray(classes) ? String(classes[0]) : "";
  const look = LOOK_OF.get(first) ?? around;
  return node.children.flatMap((child) => shadesOf(child, look));
}
