import { describe, expect, it } from "vitest";
import type { ConversationPreferences, ConversationSummary } from "../../api/types.ts";
import { fromSummary } from "../../sync/state.ts";
import { inOrder, type Look, sectionsOf } from "./sections.ts";
import { type View, view as viewNow } from "./view.ts";

const USUAL_VIEW = viewNow();

const NOW = Date.parse("2026-11-21T10:00:00Z");
const MUTED = { muted_until: "2026-11-21T11:00:00Z" };

interface One {
  kind?: "general" | "room" | "direct";
  unread?: number;
  naming?: number;
  set?: Partial<ConversationPreferences>;
  isArchived?: boolean;
}

/** In the order of their ids, which is none. */
function house(of: Record<string, One>) {
  return Object.entries(of).map(([name, { kind = "room", unread = 0, naming = 0, set, isArchived }], id) => {
    const who = { display_name: name };
    const summary = {
      id,
      kind,
      ...(kind === "direct" ? { with: who } : { name }),
      unread,
      unread_mentions: naming,
      archived_at: isArchived ? "2026-11-01T10:00:00Z" : null,
      preferences: { notify: "usual", muted_until: null, favourite: false, ...set },
    };
    return fromSummary(summary as unknown as ConversationSummary);
  });
}

function shown(of: Record<string, One>, view: Partial<View> = {}, look: Partial<Look> = {}) {
  const names = Object.keys(of);
  const all = { view: { ...USUAL_VIEW, ...view }, open: null, lingering: null, now: NOW, ...look };
  return inOrder(house(of), all).map(({ summary }) => names[summary.id]);
}

const ROOMS = {
  Shed: { unread: 2 },
  General: { kind: "general" },
  Attic: {},
  "Room 10": {},
  "Room 9": { unread: 1, set: MUTED },
  Älv: { isArchived: true },
  Zoe: { kind: "direct", set: { favourite: true } },
  Ben: { kind: "direct", unread: 1 },
} as const;

describe("the list", () => {
  it("has favourites on top, then General, rooms and people, each by name, and what is archived last", () => {
    expect(shown(ROOMS)).toEqual(["Zoe", "General", "Attic", "Room 9", "Room 10", "Shed", "Älv", "Ben"]);
  });

  it("has what is unread first in each section if one likes, but not what is muted", () => {
    const expected = ["Zoe", "General", "Shed", "Attic", "Room 9", "Room 10", "Älv", "Ben"];
    expect(shown(ROOMS, { order: "unread" })).toEqual(expected);
  });

  it("has a muted one among the unread ones when somebody names me there", () => {
    const named = { ...ROOMS, "Room 9": { unread: 1, naming: 1, set: MUTED } };
    expect(shown(named, { order: "unread" })[2]).toBe("Room 9");
  });

  it("shows only what is unread if one likes, and what is open", () => {
    expect(shown(ROOMS, { onlyUnread: true })).toEqual(["Shed", "Ben"]);
    expect(shown(ROOMS, { onlyUnread: true }, { open: 2 })).toEqual(["Attic", "Shed", "Ben"]);
  });

  it("shows of a collapsed section what is unread and what is open, and knows how many there are", () => {
    const view = { ...USUAL_VIEW, collapsed: ["rooms"] } as const;
    expect(shown(ROOMS, view)).toEqual(["Zoe", "General", "Shed", "Ben"]);
    expect(shown(ROOMS, view, { open: 2 })).toEqual(["Zoe", "General", "Attic", "Shed", "Ben"]);
    const sections = sectionsOf(house(ROOMS), { view, open: null, lingering: null, now: NOW });
    expect(sections.map(({ id, count }) => [id, count])).toEqual([
      ["favourites", 1],
      ["everyone", 1],
      ["rooms", 5],
      ["people", 1],
    ]);
  });

  it("leaves the one that was opened unread where it stood, until one goes on", () => {
    const read = { ...ROOMS, Shed: {} };
    expect(shown(read, { order: "unread" }, { open: 0, lingering: 0 })[2]).toBe("Shed");
    expect(shown(read, { order: "unread" }, { open: 1 })[2]).toBe("Attic");
  });
});
