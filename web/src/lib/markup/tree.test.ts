import { describe, expect, it } from "vitest";
import { type Block, type Inline, treeOf } from "./tree.ts";

/** Short for a tree: text as it is, everything else as [kind, …]. */
type Short = string | Short[];

function short(part: Block | Inline): Short {
  switch (part.kind) {
    case "text":
      return part.text;
    case "code":
    case "mention":
      return [part.kind, part.text];
    case "fence":
      return [part.kind, part.language, part.text];
    case "list":
      return [
        part.numbers === null ? "list" : `list ${part.numbers.join(" ")}`,
        ...part.items.map((it) => it.map(short)),
      ];
    case "link":
      return [part.kind, part.href, ...joined(part.children)];
    default:
      return [part.kind, ...joined(part.children)];
  }
}

/** Neighbouring texts are one to the reader. */
function joined(parts: readonly (Block | Inline)[]): Short[] {
  const all: Short[] = [];
  for (const part of parts.map(short)) {
    const last = all.at(-1);
    if (typeof part === "string" && typeof last === "string") all[all.length - 1] = last + part;
    else all.push(part);
  }
  return all;
}

const read = (text: string) => treeOf(text).map(short);
const flow = (...parts: Short[]) => [["flow", ...parts]];

function linksIn(parts: readonly (Block | Inline)[]): string[] {
  return parts.flatMap((part): string[] => {
    if (part.kind === "list") return part.items.flatMap(linksIn);
    if (!("children" in part)) return [];
    return [...(part.kind === "link" ? [part.href] : []), ...linksIn(part.children)];
  });
}

describe("markup", () => {
  it("has bold, italics, strikes and code", () => {
    expect(read("**b** __b__ *i* _i_ ~~s~~ ~s~ `c *c*`")).toEqual(
      flow(
        ...[["strong", "b"], " ", ["strong", "b"], " ", ["em", "i"], " ", ["em", "i"], " "],
        ...[["del", "s"], " ", ["del", "s"], " ", ["code", "c *c*"]],
      ),
    );
    expect(read("***both*** and **_each_**")).toEqual(
      flow(["em", ["strong", "both"]], " and ", ["strong", ["em", "each"]]),
    );
  });

  it("leaves what people type without meaning markup", () => {
    for (const text of [
      "2*3*4 = 24, and 5 * 6 * 7",
      "snake_case_name and __init",
      "¯\\_(ツ)_/¯",
      "C:\\temp\\new \\\\server\\share",
      "---",
      "a\n---\nb",
      "***",
      "-",
      "1.",
      "#",
      "#5 is done",
      ">:( and",
      ">_<",
      "| a | b |\n|---|---|\n| 1 | 2 |",
      "    indented\n      more",
      "  two  spaces\n\n\nand lines\twith tabs",
      "&lt;b&gt; &amp; &#60; &copy;",
      "<b>no</b> <!-- no --> <br>\n<div>\nno\n</div>",
      "a\\\nb  \nc",
      "mail ana@example.org",
      "www.example.org",
    ])
      expect(read(text), text).toEqual(flow(text));
  });

  it("keeps line breaks", () => {
    expect(read("one\ntwo\n\n\nthree **and\nfour**")).toEqual(
      flow("one\ntwo\n\n\nthree ", ["strong", "and\nfour"]),
    );
  });

  it("has headings as lines", () => {
    expect(read("# Plan *now*\ntext")).toEqual([
      ["heading", "Plan ", ["em", "now"]],
      ["flow", "text"],
    ]);
  });

  it("has quotes that end where the signs end", () => {
    expect(read("> one\n> **two**\n>> three\nanswer")).toEqual([
      ["quote", ["flow", "one\n", ["strong", "two"]], ["quote", ["flow", "three"]]],
      ["flow", "answer"],
    ]);
  });

  it("has lists that end where the items end", () => {
    expect(read("- a\n- b\n  - c\n    more\nthanks")).toEqual([
      [
        "list",
        [["flow", "a"]],
        [
          ["flow", "b"],
          ["list", [["flow", "c\nmore"]]],
        ],
      ],
      ["flow", "thanks"],
    ]);
    for (const [text, numbers] of [
      ["3. a\n4. b\n\n5. c", "3 4 5"],
      ["1. a\n1. b\n1. c", "1 2 3"],
      ["1) a\n2) b\n10) c", "1 2 10"],
    ] as const)
      expect(read(text)).toEqual([[`list ${numbers}`, [["flow", "a"]], [["flow", "b"]], [["flow", "c"]]]]);
    const [list] = treeOf("- [ ] open\n- [x] done");
    expect(
      list?.kind === "list" &&
        list.items.map((item) => item.flatMap((it) => ("children" in it ? joined(it.children) : []))),
    ).toEqual([["☐ open"], ["☑ done"]]);
  });

  it("has fences with a language, closed in any way people close them", () => {
    expect(read("see\n```Rust\nlet a = *b*;\n\n  @c\n```\nfine")).toEqual([
      ["flow", "see"],
      ["fence", "rust", "let a = *b*;\n\n  @c"],
      ["flow", "fine"],
    ]);
    expect(read("```\na\nb```")).toEqual([["fence", "", "a\nb"]]);
    expect(read("```let a = 1\nlet b```")).toEqual([["fence", "", "let a = 1\nlet b"]]);
    expect(read("```js\nnever closed")).toEqual([["fence", "js", "never closed"]]);
    expect(read("so ```py\na\nb\n``` there")).toEqual([
      ["flow", "so"],
      ["fence", "py", "a\nb"],
      ["flow", " there"],
    ]);
    expect(read("```one line```")).toEqual(flow(["code", "one line"]));
  });

  it("has mentions, also in other scripts, but not in addresses of mail or code", () => {
    expect(read("hi @ana.b, **@Ольга**! thanks @ben. `@x` a@b.org \\@no")).toEqual(
      flow(
        ...["hi ", ["mention", "@ana.b"], ", ", ["strong", ["mention", "@Ольга"]], "! thanks "],
        ...[["mention", "@ben"], ". ", ["code", "@x"], " a@b.org @no"],
      ),
    );
  });
});

describe("links", () => {
  it("lead to the web and to mail, with the sentence's punctuation left out", () => {
    expect(read("see https://example.org/a?b=c#d.")).toEqual(
      flow("see ", ["link", "https://example.org/a?b=c#d", "https://example.org/a?b=c#d"], "."),
    );
    expect(
      linksIn(treeOf("(https://example.org/x) https://example.org/x_(y), **https://example.org**")),
    ).toEqual(["https://example.org/x", "https://example.org/x_(y)", "https://example.org/"]);
    expect(read("[the **plan**](https://example.org 'T') <ana@example.org> mailto:a@b.org")).toEqual(
      flow(
        ...[["link", "https://example.org/", "the ", ["strong", "plan"]], " "],
        ...[
          ["link", "mailto:ana@example.org", "ana@example.org"],
          " ",
          ["link", "mailto:a@b.org", "mailto:a@b.org"],
        ],
      ),
    );
  });

  it("stand for pictures, which are never loaded by themselves", () => {
    expect(read("![a cat](https://example.org/cat.png)")).toEqual(
      flow(["link", "https://example.org/cat.png", "a cat"]),
    );
  });

  it("are text in every hostile form", () => {
    for (const text of [
      "javascript:alert(1)",
      "[x](javascript:alert(1))",
      "[x](JaVaScRiPt:alert(1))",
      "[x](<javascript:alert(1)>)",
      "[x]( java\nscript:alert(1))",
      "[x](java\tscript:alert(1))",
      "[x](\u0001javascript:alert(1))",
      "[x](&#106;avascript:alert(1))",
      "[x](javascript&colon;alert(1))",
      "[x](data:text/html,<script>alert(1)</script>)",
      "[x](vbscript:x)",
      "[x](file:///etc/passwd)",
      "[x](blob:null/1)",
      "[x](//example.org)",
      "[x](/c/1)",
      "[x](https:example.org)",
      "[x](ftp://example.org)",
      "![x](javascript:alert(1))",
      "<javascript:alert(1)>",
      "[[x](javascript:1)](javascript:2)",
      "https://bank.example@evil.example/",
      "[x](https://bank.example:pw@evil.example/)",
      "https://example.org/\u202Egnp.exe",
      "[x](https://example.org/\u200Ba)",
      "https://",
      "[x]: javascript:alert(1)\n[x]",
    ]) {
      expect(linksIn(treeOf(text)), text).toEqual([]);
      expect(read(text), text).toEqual(flow(text));
    }
    for (const text of ["mailto:", "mailto:a@b.org?bcc=c@d.org", "[x](mailto:a@b.org%0Acc:c@d.org)"])
      expect(linksIn(treeOf(text)), text).toEqual([]);
  });

  it("have words that are seen, and that are not the address of another place", () => {
    expect(linksIn(treeOf("[https://bank.example](https://evil.example)"))).toEqual([
      "https://evil.example/",
    ]);
    expect(read("[https://bank.example](https://evil.example)")).toEqual(
      flow("[https://bank.example](", ["link", "https://evil.example/", "https://evil.example"], ")"),
    );
    expect(read("[https://example.org/a](https://example.org/b)")[0]).toContainEqual(
      expect.arrayContaining(["https://example.org/b"]),
    );
    expect(read("[](https://example.org)")[0]?.[1]).toBe("[](");
  });

  it("have no links inside", () => {
    const tree = treeOf(
      "[a [b](https://example.org/b)](https://example.org/a) [![c](https://example.org/c)](https://example.org/d)",
    );
    const inside = (parts: readonly (Block | Inline)[], isLink = false): boolean =>
      parts.every((part) => {
        if (!("children" in part)) return true;
        return !(isLink && part.kind === "link") && inside(part.children, isLink || part.kind === "link");
      });
    expect(inside(tree)).toBe(true);
  });
});

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
