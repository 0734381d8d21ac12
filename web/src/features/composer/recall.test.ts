import { expect, it } from "vitest";
import { type Recalled, recall, rememberSent, SENT_MAX, sentTo } from "./recall.ts";

/** The texts that these steps put into a box in which `text` stands. */
function walk(list: readonly string[], text: string, steps: readonly (1 | -1)[]): string[] {
  let last: Recalled | null = null;
  return steps.map((by) => {
    const next = recall(list, last, last?.text ?? text, by);
    if (next) last = next;
    return last?.text ?? text;
  });
}

it("goes back to the oldest and forward to what was half written, and no further", () => {
  const list = ["three", "two", "one"];
  expect(walk(list, "half", [1, 1, 1, 1])).toEqual(["three", "two", "one", "one"]);
  expect(walk(list, "half", [1, 1, -1, -1, -1])).toEqual(["three", "two", "three", "half", "half"]);
  expect(walk(list, "", [1, -1])).toEqual(["three", ""]);
  expect(walk([], "half", [1, -1])).toEqual(["half", "half"]);
});

it("takes what was brought back and changed for half written", () => {
  const list = ["two", "one"];
  const first = recall(list, null, "", 1);
  const changed = recall(list, first, "two!", 1);
  expect(changed).toEqual({ at: 0, text: "two", draft: "two!" });
  expect(recall(list, changed, "two", -1)?.text).toBe("two!");
});

it("keeps so many, for each account and conversation its own", () => {
  for (let count = 0; count < SENT_MAX; count += 1)
    rememberSent({ account: 1, conversation: 1, text: `${count}` });
  expect(sentTo(1, 1)).toHaveLength(SENT_MAX);
  rememberSent({ account: 1, conversation: 2, text: "elsewhere" });
  expect(sentTo(1, 1)).toHaveLength(SENT_MAX - 1);
  expect(sentTo(1, 1)[0]).toBe(`${SENT_MAX - 1}`);
  expect(sentTo(1, 2)).toEqual(["elsewhere"]);
  expect(sentTo(2, 2)).toEqual([]);
});
