import { expect, it } from "vitest";
import { isEmojiAlone } from "../emoji.ts";

it("one to three emoji alone are a gesture", () => {
  for (const text of ["👍", "❤️", "👍🏽☝🏽👋", "👩‍❤️‍👨 🇩🇪", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️‍🔥", " 😀\n😀 😀 "])
    expect(isEmojiAlone(text), text).toBe(true);
});

it("words, digits, signs and more emoji are text", () => {
  for (const text of [
    "",
    " ",
    "1",
    "#",
    "12",
    "©",
    "ok 👍",
    "👍👍👍👍",
    "\u200D",
    "👍!",
    "👍 ".repeat(5_000),
  ])
    expect(isEmojiAlone(text), text).toBe(false);
});
