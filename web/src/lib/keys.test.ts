import { describe, expect, it } from "vitest";
import { capsOf, isPressed, type Press, spokenKeys } from "./keys.ts";

const PLAIN = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const press = (key: string, held: Partial<Press> = {}): Press => ({ key, ...PLAIN, ...held });

describe("a shortcut", () => {
  const table: [string, Press, boolean][] = [
    ["Ctrl K", press("k", { ctrlKey: true }), true],
    ["Ctrl K", press("K", { ctrlKey: true }), true],
    ["Ctrl K", press("k", { metaKey: true }), true],
    ["Ctrl K", press("k"), false],
    ["Ctrl K", press("k", { ctrlKey: true, altKey: true }), false],
    ["Alt ArrowUp", press("ArrowUp", { altKey: true }), true],
    ["Alt ArrowUp", press("ArrowUp", { altKey: true, shiftKey: true }), false],
    ["Alt Shift ArrowUp", press("ArrowUp", { altKey: true, shiftKey: true }), true],
    ["?", press("?", { shiftKey: true }), true],
    ["?", press("?"), true],
    ["?", press("?", { ctrlKey: true }), false],
    ["Ctrl /", press("/", { ctrlKey: true }), true],
    ["Ctrl /", press("/", { ctrlKey: true, shiftKey: true }), true],
  ];
  it.each(table)("%s is told from what is pressed: %o, %s", (keys, pressed, expected) => {
    expect(isPressed(pressed, keys)).toBe(expected);
  });

  it("has caps for the eye and words for the ear", () => {
    expect(capsOf("Alt Shift ArrowUp")).toEqual(["Alt", "Shift", "↑"]);
    expect(spokenKeys("Alt Shift ArrowUp")).toBe("Alt Shift Up");
  });
});
