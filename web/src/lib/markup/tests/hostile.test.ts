// Made-up texts, many of them: what the reader of markup makes of them is a tree of known parts, it takes no
// longer than it may, no word is invented, and whatever leads somewhere leads to the web or to mail. PARLOR_FUZZ_TEXTS makes more of them,
// PARLOR_FUZZ_SEED others.
import { expect, it } from "vitest";
import { plainOf } from "../plain.ts";
import { type Block, type Inline, treeOf } from "../tree.ts";
import { linksIn } from "./short.ts";

const TEXTS = Number(process.env.PARLOR_FUZZ_TEXTS ?? 3_000);
const SEED = Number(process.env.PARLOR_FUZZ_SEED ?? 1);
/** Of one text; most take a hundredth of it. */
const PATIENCE_MS = 1_000;
/** How deep a reader may nest, blocks and lines together. */
const DEPTH_MAX = 32;

const INLINES = new Set(["text", "code", "mention", "link", "strong", "em", "del"]);
const BLOCKS = new Set(["flow", "heading", "fence", "quote", "list"]);

/** What markup is made of, what HTML is made of, and what breaks either. */
const PIECES = [
  ..."*_~`[]()<>!\\#@>-+.:;|&%\"'= \n\t",
  ...[
    "**",
    "__",
    "~~",
    "```",
    "```js\n",
    "\n\n",
    "\n> ",
    "\n- ",
    "\n1. ",
    "\n# ",
    "- [x] ",
    "](",
    "![",
    "    ",
    "\r\n",
  ],
  ...[
    "https://",
    "http://",
    "mailto:",
    "javascript:",
    "data:text/html,",
    "www.",
    "example.org",
    "a@b.org",
    "[::1]",
    "//",
  ],
  ...["<script>", "</p>", "<a href=", "<!--", "-->", "&#106;", "&lt;", "&colon;", "onerror=", "style="],
  ...[
    "\u0000",
    "\u0001",
    "\u200B",
    "\u202E",
    "\u2028",
    "\uD800",
    "\uFEFF",
    "é",
    "सीता",
    "👩‍🚀",
    "🇳🇵",
    "İ",
    "ﬀ",
  ],
  ...["word", "x", "@sita", "@a.b-", "#garden", "1)", "9999999999.", "__proto__", "constructor", "\\_(ツ)_/"],
];

/** A small generator of numbers below 2³²: the same seed gives the same texts on every machine. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Pieces in any order, some of them again and again. */
function made(below: (most: number) => number): string {
  let text = "";
  for (let left = 1 + below(40); left > 0; left -= 1) {
    const piece = PIECES[below(PIECES.length)] ?? "";
    text += below(30) === 0 ? piece.repeat(1 + below(200)) : piece;
  }
  return text;
}

/** How deep it is; fails where a part is none that the client draws. */
function depthOf(parts: readonly (Block | Inline)[], text: string): number {
  let deepest = 0;
  for (const part of parts) {
    if (!INLINES.has(part.kind) && !BLOCKS.has(part.kind))
      throw new Error(`${part.kind} in ${JSON.stringify(text)}`);
    const inside = part.kind === "list" ? part.items.flat() : "children" in part ? part.children : [];
    deepest = Math.max(deepest, 1 + depthOf(inside, text));
  }
  return deepest;
}

const lettersOf = (text: string) => [...text.matchAll(/\p{L}/gu)].map(([letter]) => letter);

/** Whether some letters are others with some left out: nothing is invented, and nothing changes its place. */
function isInOrder(some: readonly string[], all: readonly string[]): boolean {
  let at = 0;
  for (const letter of all) if (letter === some[at]) at += 1;
  return at === some.length;
}

function check(text: string): void {
  const began = performance.now();
  const tree = treeOf(text);
  const took = performance.now() - began;
  const said = JSON.stringify(text);
  if (took > PATIENCE_MS) throw new Error(`${took} ms for ${said}`);
  if (depthOf(tree, text) > DEPTH_MAX) throw new Error(`too deep: ${said}`);
  for (const href of linksIn(tree)) {
    if (!/^(?:https?:\/\/[^/]|mailto:[^\s?]+@)/iu.test(href)) throw new Error(`${href} in ${said}`);
    if (!/^(?:https?|mailto):$/u.test(new URL(href).protocol)) throw new Error(`${href} in ${said}`);
  }
  if (!isInOrder(lettersOf(plainOf(text)), lettersOf(text))) throw new Error(`other words than in ${said}`);
}

it(`holds for ${TEXTS} made-up texts (seed ${SEED})`, { timeout: 60_000 + TEXTS * 10 }, () => {
  const below = numbers(SEED);
  for (let number = 0; number < TEXTS; number += 1) check(made(below));
});

it("notices what should not be", () => {
  const stray = { kind: "script", children: [] } as unknown as Block;
  expect(() => depthOf([stray], "")).toThrow("script");
  expect(linksIn([{ kind: "link", beside: "", href: "javascript:1", children: [] }])).toEqual([
    "javascript:1",
  ]);
});
