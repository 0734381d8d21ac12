// Whoever writes from right to left sees the page mirrored: the style sheets speak of start and end, never of left and right.
import { expect, it } from "vitest";
import { sheets } from "./sheets.ts";

const SIDES = "(?:left|right)";
const PHYSICAL = new RegExp(
  `^(?:${SIDES}|(?:margin|padding|scroll-margin|scroll-padding)-${SIDES}|border-${SIDES}(?:-.*)?|border-(?:top|bottom)-${SIDES}-radius)$`,
);
/** They have words for both, and the physical ones are the short ones. */
const ALIGNING = /^(?:text-align|float|clear|justify-content|justify-items|justify-self)$/;
/** Four values go around by the clock, wherever one writes to. */
const AROUND =
  /^(?:margin|padding|inset|scroll-margin|scroll-padding|border-width|border-color|border-style)$/;

/** What is the same on both sides all the same: `path: declaration`, and why. */
const ALLOWED: Record<string, string> = {};

it("no style sheet says left or right", () => {
  const found = sheets().flatMap(({ path, text }) =>
    declarations(text)
      .filter(([name, value]) => isPhysical(name, value))
      .map(([name, value]) => `${path}: ${name}: ${value}`),
  );
  expect(found.filter((line) => !ALLOWED[line])).toEqual([]);
  expect(Object.keys(ALLOWED).filter((line) => !found.includes(line))).toEqual([]);
});

function declarations(text: string): [string, string][] {
  return [...text.matchAll(/(?<=[{;]\s*)([a-z-]+):\s*([^;{}]+);/g)].map(([, name = "", value = ""]) => [
    name,
    value.trim(),
  ]);
}

function isPhysical(name: string, value: string): boolean {
  if (PHYSICAL.test(name)) return true;
  if (ALIGNING.test(name)) return /\b(?:left|right)\b/.test(value);
  const values = parts(value);
  if (AROUND.test(name)) return values.length === 4 && values[1] !== values[3];
  // Corners: the first two are the upper ones, then the lower ones from the end.
  if (name === "border-radius" && !value.includes("/")) {
    const [first, second = first, third = first, fourth = second] = values;
    return first !== second || third !== fourth;
  }
  return false;
}

/** Cut at the spaces that stand in no brackets. */
function parts(value: string): string[] {
  return value.match(/(?:[^\s(]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))+/g) ?? [];
}
