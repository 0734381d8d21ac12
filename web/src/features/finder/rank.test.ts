import { describe, expect, it } from "vitest";
import type { ConversationSummary } from "../../api/types.ts";
import { fromSummary } from "../../sync/state.ts";
import { isCommand, matchOf, ranked } from "./rank.ts";

const NOW = Date.parse("2026-11-21T10:00:00Z");

describe("what was typed", () => {
  const table: [string, string, ReturnType<typeof matchOf>][] = [
    ["kit", "Kitchen garden", 0],
    ["gar", "Kitchen garden", 1],
    ["garden kitchen", "Kitchen garden", 1],
    ["gar kit", "Kitchen garden", 1],
    ["arden", "Kitchen garden", 2],
    ["arden itch", "Kitchen garden", 2],
    ["kit shed", "Kitchen garden", null],
    ["zoe", "Zoë Åkerlund", 0],
    ["Akerlund", "Zoë Åkerlund", 1],
    ["ZOË", "Zoe", 0],
    ["", "Shed", 0],
    ["  shed ", "Shed", 0],
    ["किचन", "किचन गार्डन", 0],
  ];
  it.each(table)("'%s' and '%s'", (query, text, expected) => {
    expect(matchOf(query, text)).toBe(expected);
  });

  it("means a command only by the beginnings of its words", () => {
    expect(isCommand("disturb hour", "Do not disturb for 1 hour")).toBe(true);
    expect(isCommand("our", "Do not disturb for 1 hour")).toBe(false);
  });
});

describe("the conversations that are found", () => {
  const one = (id: number, title: string, change: Partial<ConversationSummary> = {}, favourite = false) => {
    const preferences = { notify: "usual", muted_until: null, favourite };
    const summary = { id, unread: 0, unread_mentions: 0, preferences, ...change };
    return { title, conversation: fromSummary(summary as ConversationSummary) };
  };
  const house = [
    one(1, "Attic"),
    one(2, "Balcony"),
    one(3, "Cellar", {}, true),
    one(4, "Den", { unread: 2 }),
    one(5, "Old attic", { unread: 1 }),
  ];
  const titles = (query: string) => ranked(house, query, [2, 1], NOW).map(({ title }) => title);

  it("are at first what is unread, favourites and what was open last", () => {
    expect(titles("")).toEqual(["Den", "Old attic", "Cellar", "Balcony", "Attic"]);
  });

  it("are those that are called so, the best match first", () => {
    expect(titles("att")).toEqual(["Attic", "Old attic"]);
  });

  it("are found by their second name too", () => {
    const zoe = { ...one(6, "Zoë"), also: "@gardener" };
    expect(ranked([...house, zoe], "gardener", [], NOW)).toEqual([zoe]);
  });
});
