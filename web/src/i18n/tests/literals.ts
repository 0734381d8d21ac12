// Finds words in the source that people read and that do not stand among the words of the languages.
import { parseSync } from "vite";

interface Node {
  type: string;
  start: number;
  [field: string]: unknown;
}

/** Properties and attributes that people read. */
const READ = new Set([
  "alt",
  "aria-description",
  "aria-label",
  "aria-roledescription",
  "aria-valuetext",
  "body",
  "help",
  "hint",
  "label",
  "note",
  "placeholder",
  "reason",
  "summary",
  "text",
  "title",
]);

/** Functions that say their first argument. */
const SAYING = new Set(["announce", "notify", "offer", "useWindowTitle"]);

/** A sentence or the beginning of one, wherever it stands. The names of keys begin like this too. */
const SENTENCE = /^(?!(?:Ctrl|Alt|Shift|Page) )\p{Lu}\p{Ll}*'?\p{Ll}* \p{L}/u;

/** A word as it stands on a button. */
const WORD = /^\p{Lu}\p{Ll}+[….!?]?$/u;

export interface Literal {
  line: number;
  text: string;
}

/** `isWord`: what is no text but a key of one. */
export function literalsIn(file: string, source: string, isKey: (text: string) => boolean): Literal[] {
  const found = new Map<number, Literal>();
  const add = (node: Node, text: string) => {
    if (!/\p{L}/u.test(text) || isKey(text)) return;
    found.set(node.start, { line: source.slice(0, node.start).split("\n").length, text: text.trim() });
  };
  const { program } = parseSync(file, source);
  walk(program as unknown as Node, (node) => {
    if (node.type === "JSXText") add(node, String(node.value));
    if (node.type === "JSXElement" || node.type === "JSXFragment") {
      for (const child of node.children as Node[]) {
        if (child.type === "JSXExpressionContainer") sayings(child.expression as Node, add);
      }
    }
    if (node.type === "JSXAttribute" && READ.has(nameOf(node.name as Node))) sayings(node.value as Node, add);
    if (node.type === "Property" && READ.has(nameOf(node.key as Node))) sayings(node.value as Node, add);
    if (node.type === "CallExpression" && SAYING.has(nameOf(node.callee as Node))) {
      sayings((node.arguments as Node[])[0], add);
    }
    for (const text of textsOf(node)) if (SENTENCE.test(text) || WORD.test(text)) add(node, text);
  });
  return [...found.values()].sort((a, b) => a.line - b.line);
}

/** The texts that an expression may become. */
function sayings(node: Node | null | undefined, add: (node: Node, text: string) => void): void {
  if (!node) return;
  for (const text of textsOf(node)) add(node, text);
  if (node.type === "JSXExpressionContainer") sayings(node.expression as Node, add);
  if (node.type === "ConditionalExpression") {
    sayings(node.consequent as Node, add);
    sayings(node.alternate as Node, add);
  }
  if (node.type === "LogicalExpression" || (node.type === "BinaryExpression" && node.operator === "+")) {
    sayings(node.left as Node, add);
    sayings(node.right as Node, add);
  }
}

function textsOf(node: Node): string[] {
  if (node.type === "Literal" && typeof node.value === "string") return [node.value];
  if (node.type !== "TemplateLiteral") return [];
  return (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
}

function nameOf(node: Node): string {
  return String(node.name ?? node.value ?? "");
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === "string") walk(child, visit);
    }
  }
}
