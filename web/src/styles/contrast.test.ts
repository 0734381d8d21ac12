// Reckons up the contrast of every pair of colours that meet on the screen, in every theme, from the tokens themselves.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Colour, contrast, mixed, ofOklch, over, parsed } from "./colours.ts";
import { sheets } from "./sheets.ts";

const SHEET = readFileSync("src/styles/tokens.css", "utf8");
const PLAIN = tokensOf(/^:root \{([^}]*)\}/m);
const CHOSEN = tokensOf(/^:root\[data-contrast="more"\] \{([^}]*)\}/m);
const ASKED = tokensOf(/@media \(prefers-contrast: more\) \{\s*:root \{([^}]*)\}/);

const THEMES = [
  { name: "light", scheme: 0, tokens: PLAIN, text: 4.5 },
  { name: "dark", scheme: 1, tokens: PLAIN, text: 4.5 },
  { name: "light with more contrast", scheme: 0, tokens: { ...PLAIN, ...CHOSEN }, text: 7 },
  { name: "dark with more contrast", scheme: 1, tokens: { ...PLAIN, ...CHOSEN }, text: 7 },
] as const;

const GROUNDS = ["paper", "wall", "raised", "theirs", "mine"];

/** What is read, and on which grounds it stands. `a+b`: b lies half seen over a. `a*b`: half of each. */
const TEXT: Record<string, readonly string[]> = {
  ink: [...GROUNDS, "code", "tag", "peacock-wash", "brass-wash", "wall+hover", "paper+hover", "raised+hover"],
  "ink-2": [...GROUNDS, "code", "danger-wash", "wall+hover", "paper+hover", "mine*paper"],
  "ink-3": [...GROUNDS, "code", "wall+hover", "paper+hover"],
  peacock: ["paper", "wall", "raised", "theirs", "wall+hover"],
  "peacock-2": ["peacock-wash", "theirs", "mine", "paper", "wall"],
  "on-peacock": ["peacock", "peacock-2"],
  brass: ["brass-wash", "paper", "raised", "wall"],
  paper: ["brass", "ink"],
  danger: ["paper", "wall", "raised", "danger-wash", "wall+hover"],
  "on-danger": ["danger", "danger-2"],
  "code-word": ["code"],
  "code-string": ["code"],
  "code-number": ["code"],
  "code-name": ["code"],
  "code-gone": ["code"],
};

/** Edges of controls, signs that mean something, the ring around what has the focus. */
const SIGNS: Record<string, readonly string[]> = {
  edge: ["paper", "wall", "raised"],
  focus: [...GROUNDS, "code", "peacock-wash", "brass-wash", "danger-wash"],
  peacock: ["paper", "wall", "raised"],
  danger: ["paper", "raised"],
  good: ["paper", "wall", "raised", "peacock-wash"],
  brass: ["paper", "wall", "raised"],
};
const SIGN_MIN = 3;

describe.each(THEMES)("in the $name theme", ({ scheme, tokens, text }) => {
  const ground = (name: string): Colour => {
    const [below = "", above] = name.split("+");
    if (above) return over(colour(above), colour(below));
    const [one = "", other] = name.split("*");
    return other ? mixed(colour(one), colour(other)) : colour(one);
  };
  const colour = (name: string): Colour => {
    const value = tokens[name];
    if (!value) throw new Error(`there is no token ${name}`);
    return parsed(value.match(/^light-dark\((.*), (.*)\)$/)?.[scheme + 1] ?? value);
  };
  const tooWeak = (pairs: Record<string, readonly string[]>, least: number) =>
    Object.entries(pairs).flatMap(([name, grounds]) =>
      grounds
        .map((it) => ({ pair: `${name} on ${it}`, is: contrast(colour(name), ground(it)) }))
        .filter(({ is }) => is < least),
    );

  it(`every text has a contrast of at least ${text} to 1`, () => {
    expect(tooWeak(TEXT, text)).toEqual([]);
  });

  it("controls, signs and the focus ring have a contrast of at least 3 to 1", () => {
    expect(tooWeak(SIGNS, SIGN_MIN)).toEqual([]);
  });

  it("initials can be read on every colour that somebody may have", () => {
    const light = Number.parseFloat(tokens["avatar-l"] ?? "") / 100;
    const chroma = Number.parseFloat(tokens["avatar-c"] ?? "");
    const hues = Array.from({ length: 360 }, (_, hue) => hue);
    const weakest = Math.min(...hues.map((hue) => contrast(parsed("#fff"), ofOklch(light, chroma, hue))));
    expect(weakest).toBeGreaterThanOrEqual(text);
  });
});

it("more contrast is the same whether it was chosen or the system asks for it", () => {
  expect(Object.keys(CHOSEN).length).toBeGreaterThan(20);
  expect(ASKED).toEqual(CHOSEN);
});

it("no style sheet writes in a colour that is not reckoned up here", () => {
  const known = new Set([...Object.keys(TEXT), ...Object.keys(SIGNS)]);
  const strangers = sheets().flatMap(({ path, text }) =>
    [...text.matchAll(/(?:^|[\s;{])color: ([^;]*);/g)]
      .map(([, value = ""]) => value)
      .filter((value) => !["inherit", "currentColor"].includes(value) && !SYSTEM.test(value))
      .filter((value) => !known.has(value.match(/^var\(--([\w-]+)\)$/)?.[1] ?? ""))
      .map((value) => `${path}: ${value}`),
  );
  // White on an avatar is reckoned up by itself.
  expect(strangers).toEqual(["ui/avatar.css: #fff"]);
});

/** The names of the system's own colours, where it sets all of them. */
const SYSTEM = /^(Canvas|CanvasText|Highlight|HighlightText|GrayText|ButtonText|LinkText)$/;

function tokensOf(rule: RegExp): Record<string, string> {
  const body = SHEET.match(rule)?.[1] ?? "";
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+): ([^;]+);/g)].map(([, name, value]) => [name, value]),
  );
}
