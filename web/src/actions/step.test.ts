import { describe, expect, it } from "vitest";
import type { ConversationSummary } from "../api/types.ts";
import { EMPTY, fromSummary, type State } from "../sync/state.ts";
import { neighbour } from "./step.ts";

/** General, then rooms by name; those with a number have as many unread messages. */
function stateOf(open: number | null, unread: Record<number, number> = {}): State {
  const names = ["General", "Attic", "Balcony", "Cellar"];
  const all = names.map((name, index) => {
    const id = index + 1;
    const kind = id === 1 ? "general" : "room";
    return fromSummary({ id, name, kind, unread: unread[id] ?? 0, archived_at: null } as ConversationSummary);
  });
  return { ...EMPTY, open, conversations: Object.fromEntries(all.map((it) => [it.summary.id, it])) };
}

describe("the next conversation", () => {
  const table: [string, State, 1 | -1, boolean, number | null][] = [
    ["is the one below", stateOf(2), 1, false, 3],
    ["is the one above", stateOf(2), -1, false, 1],
    ["is the first after the last", stateOf(4), 1, false, 1],
    ["is the last before the first", stateOf(1), -1, false, 4],
    ["is the first from outside of the list", stateOf(null), 1, false, 1],
    ["is the last from outside of the list, upwards", stateOf(null), -1, false, 4],
    ["with something unread is the next such below", stateOf(2, { 1: 3, 4: 1 }), 1, true, 4],
    ["with something unread is the next such above", stateOf(3, { 1: 3, 4: 1 }), -1, true, 1],
    ["with something unread is found around the end", stateOf(3, { 1: 3 }), 1, true, 1],
    ["with something unread is not the open one", stateOf(3, { 3: 5 }), 1, true, null],
    ["is not there in an empty house", EMPTY, 1, false, null],
  ];
  it.each(table)("%s", (_, state, by, onlyUnread, expected) => {
    expect(neighbour(state, by, onlyUnread)).toBe(expected);
  });
});
