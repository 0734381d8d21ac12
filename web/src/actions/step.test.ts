import { describe, expect, it } from "vitest";
import type { ConversationPreferences, ConversationSummary } from "../api/types.ts";
import { type View, view as viewNow } from "../features/sidebar/view.ts";
import { EMPTY, fromSummary, type State } from "../sync/state.ts";
import { neighbour } from "./step.ts";

const USUAL_VIEW = viewNow();

const NOW = Date.parse("2026-11-21T10:00:00Z");
const MUTED = { muted_until: "2026-11-21T11:00:00Z" };

type Set = Record<number, Partial<ConversationPreferences>>;

/** General, then rooms by name; those with a number have as many unread messages. */
function stateOf(open: number | null, unread: Record<number, number> = {}, set: Set = {}): State {
  const names = ["General", "Attic", "Balcony", "Cellar"];
  const all = names.map((name, index) => {
    const id = index + 1;
    const kind = id === 1 ? "general" : "room";
    const preferences = { notify: "usual", muted_until: null, favourite: false, ...set[id] };
    const counts = { unread: unread[id] ?? 0, unread_mentions: 0 };
    return fromSummary({ id, name, kind, preferences, ...counts, archived_at: null } as ConversationSummary);
  });
  return { ...EMPTY, open, conversations: Object.fromEntries(all.map((it) => [it.summary.id, it])) };
}

function step(state: State, by: 1 | -1, onlyUnread: boolean, view: Partial<View> = {}) {
  const look = { view: { ...USUAL_VIEW, ...view }, open: state.open, lingering: null, now: NOW };
  return neighbour(state, look, by, onlyUnread);
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
    ["with something unread is not a muted one", stateOf(1, { 2: 5, 3: 1 }, { 2: MUTED }), 1, true, 3],
    ["is not there in an empty house", EMPTY, 1, false, null],
    ["above General is a favourite", stateOf(1, {}, { 4: { favourite: true } }), -1, false, 4],
  ];
  it.each(table)("%s", (_, state, by, onlyUnread, expected) => {
    expect(step(state, by, onlyUnread)).toBe(expected);
  });

  it("follows what the list shows", () => {
    const state = stateOf(1, { 4: 1 });
    expect(step(state, 1, false, { order: "unread" })).toBe(4);
    expect(step(state, 1, false, { collapsed: ["rooms"] })).toBe(4);
    expect(step(state, -1, false, { onlyUnread: true })).toBe(4);
  });
});
