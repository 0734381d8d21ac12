import { describe, expect, it } from "vitest";
import type { Author, ConversationSummary } from "../../api/types.ts";
import { fromSummary } from "../../sync/state.ts";
import file from "../emoji/emoji.tsv?raw";
import { readEmoji } from "../emoji/emoji-set.ts";
import { editOf, findCommands, findEmojiNamed, findPeople, findRooms, queryAt } from "./completion.ts";

const person = (id: number, username: string, display_name: string): Author => ({
  id,
  username,
  display_name,
  kind: "person",
});
const people = [person(1, "me", "Me"), person(3, "ramesh", "Dev Ramesh"), person(2, "sita", "Sita Devi")];
const at = (text: string) => queryAt(text, text.length);
const room = (
  id: number,
  name: string | null,
  kind = "room",
  role = "member",
  archived_at: string | null = null,
) => fromSummary({ id, name, kind, role, archived_at, description: "", last_rev: 0 } as ConversationSummary);

describe("a mention being typed", () => {
  it("begins with @ after a space or at the start, and ends at the caret", () => {
    expect(queryAt("hi @si", 6)).toEqual({ kind: "person", from: 3, to: 6, text: "si" });
    expect(queryAt("@", 1)?.text).toBe("");
    expect(queryAt("hi @si there", 6)?.text).toBe("si");
    for (const text of ["mail a@b", "hi @si ", "hi si", "@@x"]) expect(at(text)).toBeNull();
  });

  it("finds people by username and by each word of their name, in the order given, but not me", () => {
    const find = (text: string) => findPeople(text, people, 1, () => "").map(({ sign }) => sign);
    const sign = (id: number) => ({ kind: "person", id });
    expect(find("de")).toEqual([sign(3), sign(2)]);
    expect(find("SI")).toEqual([sign(2)]);
    expect(find("m")).toEqual([]);
    expect(find("")).toHaveLength(2);
  });

  it("puts the picked name in its place, with one space behind it", () => {
    const query = queryAt("hi @si there", 6) ?? expect.fail();
    const [sita] = findPeople("si", people, 1, () => "");
    expect(sita && editOf(query, sita, "hi @si there")).toEqual({ from: 3, to: 7, text: "@sita " });
  });
});

describe("other signs", () => {
  it("are told apart, each where it means something", () => {
    expect(at("/le")).toEqual({ kind: "command", from: 0, to: 3, text: "le" });
    expect(at("in #kitchen ga")).toEqual({ kind: "room", from: 3, to: 14, text: "kitchen ga" });
    expect(at("well :smi")).toEqual({ kind: "emoji", from: 5, to: 9, text: "smi" });
    for (const text of ["see /le", "/me waves", "a#b", "# Title", "10:30", ":D", ":p", "so: yes", "http://x"])
      expect(at(text)).toBeNull();
  });

  it("are no command while a slash is put before what stands there", () => {
    expect(queryAt("//giphy", 1)).toBeNull();
  });

  it("mean nothing in code", () => {
    for (const text of ["`@si", "```\n@si", "```\n/le", "`a` and `:smi"]) expect(at(text)).toBeNull();
    expect(at("`a` and @si")?.text).toBe("si");
    expect(at("```\ncode\n``` and :smi")?.text).toBe("smi");
  });

  it("find rooms I am in by name, open ones only", () => {
    const rooms = [
      room(1, "General", "general"),
      room(2, "Kitchen garden"),
      room(3, "Old garden", "room", "member", "x"),
    ];
    const find = (text: string) =>
      findRooms(text, [...rooms, room(4, null, "direct")]).map(({ insert }) => insert);
    expect(find("gar")).toEqual(["#Kitchen garden"]);
    expect(find("")).toEqual(["#General", "#Kitchen garden"]);
    expect(find("kitchen g")).toEqual(["#Kitchen garden"]);
    expect(find("1 is best")).toEqual([]);
  });

  it("find emoji by short name, in my skin tone", () => {
    const set = readEmoji(file);
    expect(findEmojiNamed("thumbsu", set, 3)[0]).toMatchObject({ insert: "👍🏽", name: ":thumbsup:" });
    expect(findEmojiNamed("smile", set, 3)[0]).toMatchObject({ insert: "😄", name: ":smile:" });
  });

  it("find the commands that can be given here", () => {
    const find = (text: string, role: string) =>
      findCommands(text, room(1, "Garden", "room", role)).map(({ insert }) => insert);
    expect(find("", "member")).toEqual(["/me", "/shrug", "/leave", "/help"]);
    expect(find("T", "owner")).toEqual(["/topic"]);
    expect(find("nothing", "owner")).toEqual([]);
  });
});
