import { describe, expect, it } from "vitest";
import { type Block, type Inline, treeOf } from "../tree.ts";
import { flow, linksIn, read } from "./short.ts";

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

  it("show where they lead when their words could be taken for another place", () => {
    const placesBeside = (text: string) =>
      read(text)
        .flat(2)
        .filter((part) => Array.isArray(part) && part[0] === "beside")
        .map((part) => part[1]);
    for (const [text, place] of [
      ["[bank.example](https://evil.example/login)", "evil.example"],
      ["[Log in at **Bank.Example** now](https://evil.example:8443)", "evil.example:8443"],
      ["[bank.example.](https://bank.example.evil.example)", "bank.example.evil.example"],
      ["[sub.example.org](https://example.org)", "example.org"],
      ["[Node.js](https://nodejs.org)", "nodejs.org"],
      ["https://аррӏе.com", "xn--80ak6aa92e.com"],
      ["[Apple](https://аррӏе.com)", "xn--80ak6aa92e.com"],
      ["[ceo@bank.example](mailto:me@evil.example)", "me@evil.example"],
    ])
      expect(placesBeside(text ?? ""), text).toEqual([place]);
    for (const text of [
      "https://example.org/a/file.html",
      "[the plan](https://example.org)",
      "[example.org](https://www.example.org/plan)",
      "[www.Example.org.](https://example.org)",
      "[version 1.2, e.g. this...](https://example.org)",
      "<ana@example.org> mailto:ana@example.org [write to me](mailto:ana@example.org)",
    ])
      expect(placesBeside(text), text).toEqual([]);
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
