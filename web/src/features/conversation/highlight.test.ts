import { describe, expect, it } from "vitest";
import { LANGUAGES, nameOfLanguage } from "./highlight.ts";
import { highlight } from "./highlighter.ts";

describe("colours of code", () => {
  it("there are for every language that is offered, and no letter is changed", () => {
    const code = 'fn main() {\n  // "quoted" & <b>\n\tlet a = 0x1F; return `x`;\n}\n# end\n- 1: true\n';
    for (const id of Object.keys(LANGUAGES)) {
      const shades = highlight(id, code);
      expect(shades?.map(({ text }) => text).join(""), id).toBe(code);
      expect(
        shades?.some(({ look }) => look !== null),
        id,
      ).toBe(true);
    }
  });

  it("there are none for other languages", () => {
    expect(highlight("klingon", "a")).toBeNull();
  });

  it("a language is called by its name, however it was typed", () => {
    expect(["ts", "js", "c++", "rs", "toml", "ini", "html"].map(nameOfLanguage)).toEqual([
      ...["TypeScript", "JavaScript", "C++", "Rust", "TOML", "INI", "HTML"],
    ]);
    expect(nameOfLanguage("klingon")).toBe("klingon");
    expect(nameOfLanguage("")).toBe("");
    for (const word of ["__proto__", "constructor", "toString"]) expect(nameOfLanguage(word)).toBe(word);
  });
});
