import { expect, it } from "vitest";
import { mentionsIn } from "./mentions.ts";

it("who is named in a text is found in every corner of it but in code", () => {
  expect(mentionsIn("@ana, **see @Ben**\n> @carl.\n- @dora `@eve`\n```\n@fay\n```")).toEqual([
    "ana",
    "Ben",
    "carl",
    "dora",
  ]);
  expect(mentionsIn("a@b.org and nobody")).toEqual([]);
});
