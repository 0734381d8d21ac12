import { describe, expect, it } from "vitest";
import { charsOf, oneLine } from "./text.ts";

describe("a message's text", () => {
  it("is counted in characters and shortened between them", () => {
    expect(charsOf("a👍🏽b")).toBe(4);
    expect(oneLine("  a\n b  ", 10)).toBe("a b");
    expect(oneLine("👍👍👍👍", 3)).toBe("👍👍…");
  });

  it("is said in one line without the signs of its markup", () => {
    expect(oneLine("**Bold**, _so_ ~~not~~ `that`", 99)).toBe("Bold, so not that");
    expect(oneLine("see [the plan](https://example.org/plan) @ana", 99)).toBe("see the plan @ana");
    expect(oneLine("> was it?\nyes\n\n```rust\nlet a = 1;\nlet b;\n```", 99)).toBe(
      "was it? yes let a = 1; let b;",
    );
    expect(oneLine("# Groceries\n- milk\n- eggs\n\n1. first\n2. then", 99)).toBe(
      "Groceries • milk • eggs 1. first 2. then",
    );
    expect(oneLine("<b>2 * 3</b> snake_case ¯\\_(ツ)_/¯", 99)).toBe("<b>2 * 3</b> snake_case ¯\\_(ツ)_/¯");
  });
});
