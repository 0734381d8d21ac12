import { describe, expect, it } from "vitest";
import type { ConversationSummary } from "../api/types.ts";
import { EMPTY, fromSummary, type State } from "../sync/state.ts";
import { mentionsOf, requestsOf, wantsMe } from "./wants-me.ts";

function stateOf(...summaries: Partial<ConversationSummary>[]): State {
  const all = summaries.map((summary, id) => {
    return fromSummary({
      id,
      kind: "room",
      role: "member",
      unread_mentions: 0,
      pending_count: 0,
      ...summary,
    } as ConversationSummary);
  });
  return { ...EMPTY, conversations: Object.fromEntries(all.map((it) => [it.summary.id, it])) };
}

describe("what wants me", () => {
  it("is what names me and is unread, and who asks where I decide", () => {
    const state = stateOf(
      { kind: "general", unread_mentions: 2 },
      { unread_mentions: 1, pending_count: 3 },
      { role: "owner", pending_count: 2 },
      { role: "moderator", pending_count: 1 },
    );
    expect(mentionsOf(state)).toBe(3);
    expect(requestsOf(state)).toBe(3);
    expect(wantsMe(state)).toBe(6);
  });

  it("is nothing where nothing is", () => {
    expect(wantsMe(EMPTY)).toBe(0);
  });
});
