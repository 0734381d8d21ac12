import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { languages } from "../../../vite/words.ts";
import { LANGUAGES, languageOf, varietyOf } from "../languages.ts";

const CASES: [string | null, string[], string][] = [
  [null, ["de-AT", "en"], "de"],
  [null, ["fr", "pt-BR", "es-MX", "en"], "es"],
  [null, ["fr"], "en"],
  [null, [], "en"],
  ["ar", ["de"], "ar"],
  ["xx", ["de"], "de"],
  ["toString", ["HI-in"], "hi"],
];

describe("the language that is spoken", () => {
  it("is the one that was chosen, else the first that the browser asks for and that is there", () => {
    for (const [chosen, asked, expected] of CASES) expect(languageOf(chosen, asked)).toBe(expected);
  });

  it("is the one whose words the page begins to load", () => {
    for (const [chosen, asked, expected] of CASES) expect(loadedFirst(chosen, asked)).toBe(`/${expected}.js`);
  });

  it("writes dates and numbers in the browser's own variety", () => {
    expect(varietyOf("en", ["de", "en-GB", "en-US"])).toBe("en-GB");
    expect(varietyOf("en", ["de"])).toBe("en");
  });

  it("has a folder of words", () => {
    expect(Object.keys(LANGUAGES).sort()).toEqual(languages());
  });
});

/** What `first.js` loads in a page of this browser. */
function loadedFirst(chosen: string | null, asked: string[]): string | undefined {
  const added: { href?: string }[] = [];
  const words = Object.fromEntries(languages().map((language) => [language, `/${language}.js`]));
  const document = {
    documentElement: { dataset: {} },
    currentScript: { dataset: { words: JSON.stringify(words) } },
    createElement: () => ({}),
    head: { append: (link: object) => added.push(link) },
  };
  const localStorage = { getItem: (key: string) => (key === "parlor.language" ? chosen : null) };
  const script = readFileSync(new URL("../../../public/first.js", import.meta.url), "utf8");
  runInNewContext(script, { document, localStorage, navigator: { languages: asked } });
  return added[0]?.href;
}
