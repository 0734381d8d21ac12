import { describe, expect, it } from "vitest";
import type { Author } from "../../api/types.ts";
import { mentionAt, suggestionsFor, withMention } from "./mention-query.ts";

const person = (id: number, username: string, display_name: string): Author => ({
  id,
  username,
  display_name,
  kind: "person",
});
const people = [person(1, "me", "Me"), person(2, "sita", "Sita Devi"), person(3, "ramesh", "Dev Ramesh")];

describe("a mention being typed", () => {
  it("begins with @ after a space or at the start, and ends at the caret", () => {
    expect(mentionAt("hi @si", 6)).toEqual({ from: 3, to: 6, text: "si" });
    expect(mentionAt("@", 1)?.text).toBe("");
    expect(mentionAt("hi @si there", 6)?.text).toBe("si");
    for (const text of ["mail a@b", "hi @si ", "hi si", "@@x"])
      expect(mentionAt(text, text.length)).toBeNull();
  });

  it("finds people by username and by each word of their name, but not me", () => {
    const find = (text: string) => suggestionsFor({ from: 0, to: 0, text }, people, 1).map(({ id }) => id);
    expect(find("de")).toEqual([3, 2]);
    expect(find("SI")).toEqual([2]);
    expect(find("m")).toEqual([]);
    expect(find("")).toHaveLength(2);
  });

  it("puts the picked name in its place", () => {
    const query = mentionAt("hi @si there", 6);
    expect(query && withMention("hi @si there", query, "sita")).toEqual({ text: "hi @sita there", caret: 9 });
  });
});
