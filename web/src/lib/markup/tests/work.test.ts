import { describe, expect, it } from "vitest";
import { type Block, type Inline, treeOf } from "../tree.ts";
import { linksIn } from "./short.ts";

const CHARS = 10_000;

/** Ten thousand characters each. */
const HOSTILE = [
  ...[
    "*",
    "_",
    "~",
    "`",
    "[",
    "]",
    "(",
    "![",
    "!",
    "<",
    ">",
    "> ",
    "#",
    "# ",
    "- ",
    "-",
    "1. ",
    "+ ",
    "\\",
    "&",
    "|",
  ],
  ...[
    "*a ",
    "**a ",
    "*a_",
    "_*",
    "*a*b",
    "_a ",
    "~~a ",
    "a_b",
    "[a](",
    "[](",
    "[[a]]",
    "[a][",
    "``a ",
    "x `",
  ],
  ...[
    "[a](javascript:x)",
    "[a](https://a.b)",
    "https://a.b/(",
    "https://",
    "www.",
    "a@a.a ",
    "<a ",
    "<!--",
    "&#1",
  ],
  ...[
    "> - ",
    "- > ",
    "- a\n",
    "1)\n",
    "  - a\n",
    "- a\n\n",
    "> a\n",
    "```\n",
    "~~~\n",
    "\n",
    " ",
    " \n",
    "\t",
    "*a_ [b](c ~~d `\n\n",
  ],
]
  .map((part) => part.repeat(CHARS / part.length + 1).slice(0, CHARS))
  .concat(
    `${"[".repeat(300)}a${"](https://a.b)".repeat(600)}`,
    `${"[".repeat(300)}a${"](j:x)".repeat(1_200)}`,
    `https://a.b/${")".repeat(CHARS)}`,
    `a${" ".repeat(CHARS)}b`,
    Array.from({ length: 140 }, (_, depth) => `${">".repeat(depth)}a`).join("\n"),
    Array.from({ length: 140 }, (_, depth) => `${"  ".repeat(depth)}- a`).join("\n"),
  );

describe("the work of reading", () => {
  it("is done once for a text", () => {
    expect(treeOf("**once**")).toBe(treeOf(`**${"once"}**`));
  });

  it("is forgotten some time", () => {
    const first = treeOf("**long ago**");
    for (let count = 0; count < 1_000; count += 1) treeOf(`number ${count}`);
    expect(treeOf("**long ago**")).not.toBe(first);
  });

  it("ends in a bounded number of pieces that nest a few deep, and no word is lost", () => {
    const words = (parts: readonly (Block | Inline)[]): string =>
      parts
        .map((part) =>
          part.kind === "list"
            ? part.items.map(words).join("")
            : "children" in part
              ? words(part.children)
              : part.text,
        )
        .join("");
    const depth = (parts: readonly (Block | Inline)[]): number =>
      Math.max(
        0,
        ...parts.map((part) =>
          part.kind === "list"
            ? 1 + Math.max(...part.items.map(depth))
            : "children" in part
              ? 1 + depth(part.children)
              : 0,
        ),
      );
    const count = (parts: readonly (Block | Inline)[]): number =>
      parts.reduce(
        (sum, part) =>
          sum +
          1 +
          (part.kind === "list"
            ? part.items.reduce((all, it) => all + count(it), 0)
            : "children" in part
              ? count(part.children)
              : 0),
        0,
      );
    for (const text of [...HOSTILE, "@a ".repeat(3_000), "`a` ".repeat(2_500), "- a\n".repeat(2_500)]) {
      const tree = treeOf(text);
      expect(depth(tree), text.slice(0, 20)).toBeLessThan(30);
      expect(count(tree), text.slice(0, 20)).toBeLessThan(4_000);
      const letters = (it: string) => it.replace(/[^a-z@]/gu, "").length;
      expect(letters(words(tree)) + linksIn(tree).join("").length, text.slice(0, 20)).toBeGreaterThanOrEqual(
        letters(text),
      );
    }
  });

  it("stays within reach of that of ordinary text, whatever the text", { timeout: 120_000 }, () => {
    const ordinary = "This is **bold** and `code`, see https://example.org/x or ask @ana? _Yes._ ".repeat(14);
    const paragraphs = `${ordinary}\n\n`.repeat(10).slice(0, CHARS);
    const measure = (texts: readonly string[]) => {
      const start = performance.now();
      for (const text of texts) treeOf(text);
      return performance.now() - start;
    };
    // The quickest of several: the machine may be busy with something else.
    const usual = Math.min(...[1, 2, 3, 4, 5, 6].map((run) => measure([paragraphs + run])));
    // All of them take some hundred times as long as one ordinary text. One that hangs takes more than thousands.
    const all = measure(HOSTILE.map((text) => `${text} `));
    expect(all / Math.max(usual, 1)).toBeLessThan(2_500);
  });
});
