// What every language must have in common with English, so that none says less or shows a gap.
import { parse, type Token } from "@messageformat/parser";
import { describe, expect, it } from "vitest";
import { languages, SOURCE, textsOf } from "../../../vite/words.ts";

const english = new Map(textsOf(SOURCE).map(({ key, text }) => [key, text]));

describe.each(languages())("the words of %s", (language) => {
  const texts = textsOf(language);

  it("have keys that English has", () => {
    expect(texts.filter(({ key }) => !english.has(key)).map(({ key }) => key)).toEqual([]);
  });

  it("say something", () => {
    expect(texts.filter(({ text }) => text.trim() === "").map(({ key }) => key)).toEqual([]);
  });

  it("have the places and the tags that the English ones have", () => {
    for (const { key, text } of texts) {
      const expected = shapeOf(english.get(key) ?? "");
      expect({ key, ...shapeOf(text) }).toEqual({ key, ...expected });
    }
  });

  it("have the plurals that the language has", () => {
    const known = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const { key, text } of texts) {
      for (const cases of pluralsIn(parse(text))) {
        const named = cases.filter((name) => !name.startsWith("=") && !/^\d/.test(name));
        expect({ key, named: named.sort() }).toEqual({ key, named: [...known].sort() });
      }
    }
  });
});

/** The places with their kinds, and the tags. A place may stand in several branches of a plural, and in some only. */
function shapeOf(text: string): { places: string[]; tags: string[] } {
  const tags = [...text.matchAll(/<\/?(\w+)>/g)].map(([tag]) => tag);
  return { places: [...new Set(placesIn(parse(text)))].sort(), tags: [...new Set(tags)].sort() };
}

function placesIn(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token) => {
    switch (token.type) {
      case "argument":
        return [token.arg];
      case "function":
        return [`${token.arg}, ${token.key}`];
      case "plural":
      case "select":
      case "selectordinal":
        return [
          `${token.arg}, ${token.type}`,
          ...token.cases.flatMap(({ tokens: inside }) => placesIn(inside)),
        ];
      default:
        return [];
    }
  });
}

function pluralsIn(tokens: readonly Token[]): string[][] {
  return tokens.flatMap((token) => {
    if (token.type !== "plural" && token.type !== "select" && token.type !== "selectordinal") return [];
    const inside = token.cases.flatMap(({ tokens: nested }) => pluralsIn(nested));
    return token.type === "plural" ? [token.cases.map(({ key }) => key), ...inside] : inside;
  });
}
