// What was chosen on this device: read whatever stands there, and kept as long as it can be.
import { afterEach, expect, it, vi } from "vitest";
import { keptChoices } from "./kept-choices.ts";

const read = ({ size }: Readonly<Record<string, unknown>>) => ({
  size: size === "large" ? "large" : "usual",
});

/** A browser that keeps this. */
function keeping(text: string | null, isFull = false) {
  const kept = { text };
  vi.stubGlobal("localStorage", {
    getItem: () => kept.text,
    setItem(_: string, value: string) {
      if (isFull) throw new Error("full");
      kept.text = value;
    },
  });
  vi.stubGlobal("window", new EventTarget());
  return kept;
}

afterEach(() => vi.unstubAllGlobals());

it("whatever stands there is read", () => {
  for (const text of [null, "", "{", "null", "7", "[]", '"large"', '{"size":"huge"}']) {
    keeping(text);
    expect(keptChoices("parlor.test", read).get()).toEqual({ size: "usual" });
  }
  keeping('{"size":"large"}');
  const choices = keptChoices("parlor.test", read);
  expect(choices.get()).toEqual({ size: "large" });
  expect(choices.get()).toBe(choices.get());
});

it("a change is told, and holds as long as the page where nothing can be kept", () => {
  for (const isFull of [false, true]) {
    const kept = keeping(null, isFull);
    const choices = keptChoices("parlor.test", read);
    const told = vi.fn();
    const stop = choices.subscribe(told);
    choices.change({ size: "large" });
    expect(choices.get()).toEqual({ size: "large" });
    expect(kept.text).toBe(isFull ? null : '{"size":"large"}');
    stop();
    choices.change({ size: "usual" });
    expect(told).toHaveBeenCalledTimes(1);
  }
});
