import { describe, expect, it } from "vitest";
import { charsOf, oneLine, piecesOf } from "./text.ts";

const kinds = (text: string) => piecesOf(text).map((piece) => [piece.kind, piece.text]);

describe("a message's text", () => {
  it("stays as it was typed", () => {
    const text = "  two  spaces\n\nand <b>no</b> markup &amp; *stars*\t";
    expect(piecesOf(text)).toEqual([{ kind: "text", text }]);
  });

  it("has links for http and https and for nothing else", () => {
    expect(kinds("see https://example.org/a?b=c#d.")).toEqual([
      ["text", "see "],
      ["link", "https://example.org/a?b=c#d"],
      ["text", "."],
    ]);
    for (const text of [
      "javascript:alert(1)",
      "data:text/html,x",
      "ftp://example.org",
      "//example.org",
      "https://",
    ]) {
      expect(piecesOf(text).some((piece) => piece.kind === "link")).toBe(false);
    }
  });

  it("leaves the sentence's punctuation out of a link, but keeps brackets that belong to it", () => {
    expect(kinds("(https://example.org/x)")[1]).toEqual(["link", "https://example.org/x"]);
    expect(kinds("https://example.org/x_(y)")[0]).toEqual(["link", "https://example.org/x_(y)"]);
    expect(kinds("https://example.org, and")[0]).toEqual(["link", "https://example.org"]);
  });

  it("has mentions, also in other scripts, but not in addresses of mail", () => {
    expect(kinds("hi @ana.b, @Ольга!")).toEqual([
      ["text", "hi "],
      ["mention", "@ana.b"],
      ["text", ", "],
      ["mention", "@Ольга"],
      ["text", "!"],
    ]);
    expect(kinds("mail ana@example.org")).toEqual([["text", "mail ana@example.org"]]);
    expect(kinds("thanks @ana.")[1]).toEqual(["mention", "@ana"]);
  });

  it("has code in which nothing else is found", () => {
    expect(kinds("use `@ana https://x.org` or\n```rust\nlet a = @b;\n```\nfine")).toEqual([
      ["text", "use "],
      ["code", "@ana https://x.org"],
      ["text", " or\n"],
      ["block", "let a = @b;"],
      ["text", "fine"],
    ]);
  });

  it("is cut into a bounded number of pieces", () => {
    const pieces = piecesOf("@a ".repeat(10_000));
    expect(pieces.length).toBeLessThan(510);
    expect(pieces.map((piece) => piece.text).join("")).toBe("@a ".repeat(10_000));
  });

  it("is counted in characters and shortened between them", () => {
    expect(charsOf("a👍🏽b")).toBe(4);
    expect(oneLine("  a\n b  ", 10)).toBe("a b");
    expect(oneLine("👍👍👍👍", 3)).toBe("👍👍…");
  });
});
