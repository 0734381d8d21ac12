import { describe, expect, it } from "vitest";
import { treeOf } from "../tree.ts";
import { flow, joined, read } from "./short.ts";

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
