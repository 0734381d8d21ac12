import { expect, it } from "vitest";
import file from "./emoji.tsv?raw";
import { readEmoji } from "./emoji-set.ts";
import { withEmoticons } from "./emoticons.ts";

it("turns what stands by itself into emoji that the list has", () => {
  expect(withEmoticons(":) :( ;) :D :P <3 :/ :o xD :'(")).toBe("🙂 🙁 😉 😄 😛 ❤️ 😕 😮 😆 😢");
  expect(withEmoticons(":-) at the start, and at the end ;-)")).toBe("🙂 at the start, and at the end 😉");
  expect(withEmoticons("so late :(, so good :D! Well :)...")).toBe("so late 🙁, so good 😄! Well 🙂...");
  expect(withEmoticons("one line :)\n:) and the next")).toBe("one line 🙂\n🙂 and the next");
  const { byChar } = readEmoji(file);
  for (const char of ["🙂", "🙁", "😉", "😄", "😛", "❤️", "😕", "😮", "😆", "😢"])
    expect(byChar.has(char)).toBe(true);
});

it("leaves code, links, addresses, paths and words as they are", () => {
  const texts = [
    "`a :) b`",
    "``a ` :) ``",
    "```\n :) \n```",
    "``` never closed :) ",
    "~~~\n:)\n~~~",
    "[so :) it is](https://parlor.example)",
    "http://parlor.example/:) https://parlor.example/ :/x",
    "http://",
    "C:/temp and C:)",
    "(as said:) 10:/20",
    "x <30",
    "maxD xDir :Point :over",
    ":p ;o ;D",
    ":)) :):",
  ];
  for (const text of texts) expect(withEmoticons(text)).toBe(text);
});
