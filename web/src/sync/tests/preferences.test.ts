// What I set for a conversation: shown at once, the same on all devices, taken back when it is refused.
import { describe, expect, it } from "vitest";
import type { ConversationPreferences, ConversationSummary, Me } from "../../api/types.ts";
import { apply } from "../apply.ts";
import type { Input } from "../inputs.ts";
import { EMPTY, fromSummary, type State } from "../state.ts";
import { type Browser, world } from "./world.ts";

const USUAL: ConversationPreferences = {
  notify: "usual",
  muted_until: null,
  favourite: false,
  unread_from: null,
};
const TOMORROW = "2026-11-22T09:00:00Z";

async function story() {
  const w = world();
  const ana = w.person("Ana");
  const room = w.server.room("room", "Kitchen garden", [ana]);
  const laptop = await w.browser(ana);
  const phone = await w.browser(ana);
  const shown = (of: Browser) => of.sync.state().conversations[room]?.summary.preferences;
  return { ...w, ana, room, laptop, phone, shown };
}

describe("what I set for a conversation", () => {
  it("is shown at once, and on my other devices when the server has it", async () => {
    const { clock, room, laptop, phone, shown } = await story();
    const asked = laptop.sync.prefer(room, { favourite: true });
    expect(shown(laptop)).toEqual({ ...USUAL, favourite: true });
    expect(shown(phone)).toEqual(USUAL);
    await asked;
    await clock.pass(0);
    expect(shown(phone)).toEqual({ ...USUAL, favourite: true });
  });

  it("is as before when it is refused", async () => {
    const { server, room, laptop, shown } = await story();
    server.isUp = false;
    const asked = laptop.sync.prefer(room, { muted_until: TOMORROW });
    expect(shown(laptop)?.muted_until).toBe(TOMORROW);
    await expect(asked).rejects.toThrow("No answer.");
    expect(shown(laptop)).toEqual(USUAL);
  });

  it("is right although its answer got lost", async () => {
    const { server, clock, room, laptop, shown } = await story();
    server.dropAnswers = 1;
    await expect(laptop.sync.prefer(room, { notify: "all" })).rejects.toThrow();
    await clock.pass(0);
    expect(shown(laptop)).toEqual({ ...USUAL, notify: "all" });
  });

  it("is what I asked for last, however fast I changed my mind", async () => {
    const { clock, room, laptop, phone, shown } = await story();
    const first = laptop.sync.prefer(room, { muted_until: TOMORROW });
    const second = laptop.sync.prefer(room, { muted_until: null });
    expect(shown(laptop)).toEqual(USUAL);
    await Promise.all([first, second]);
    await clock.pass(0);
    expect([shown(laptop), shown(phone)]).toEqual([USUAL, USUAL]);
  });

  it("is the same after a break in which it was changed elsewhere", async () => {
    const { server, clock, ana, room, laptop, shown } = await story();
    await laptop.sync.prefer(room, { favourite: true });
    server.cut();
    server.prefer(ana.id, room, { favourite: false, notify: "mentions" });
    await clock.pass(2_000);
    expect(shown(laptop)).toEqual({ ...USUAL, notify: "mentions" });
  });
});

describe("what is told in another order than it was stored", () => {
  const summary = { id: 1, last_rev: 1, last_seq: 0, read_seq: 0, unread: 0, preferences: USUAL };
  const start: State = {
    ...EMPTY,
    me: { id: 1 } as Me,
    conversations: { 1: fromSummary(summary as ConversationSummary) },
  };
  const shownAfter = (...inputs: Input[]) =>
    inputs.reduce(apply, start).conversations[1]?.summary.preferences;
  const wish = (id: number, change: Partial<ConversationPreferences>): Input => {
    return { type: "wish", conversation: 1, wish: { id, change } };
  };
  const answer = (id: number, preferences: ConversationPreferences | null): Input => {
    return { type: "wish_answered", conversation: 1, wish: id, preferences };
  };
  const frame = (preferences: ConversationPreferences): Input => {
    return { type: "frame", frame: { op: "preferences", conversation: 1, preferences }, now: 0 };
  };
  const favourite = { ...USUAL, favourite: true };

  it("an answer after a newer frame changes nothing", () => {
    expect(
      shownAfter(wish(1, { favourite: true }), frame(favourite), frame(USUAL), answer(1, favourite)),
    ).toEqual(USUAL);
  });

  it("a wish stands over what another device has set meanwhile", () => {
    const others = { ...USUAL, notify: "all" } as const;
    expect(shownAfter(wish(1, { favourite: true }), frame(others))).toEqual({ ...others, favourite: true });
  });

  it("the same moment written in another way fulfils a wish", () => {
    const muted = { ...USUAL, muted_until: "2026-11-22T09:00:00.000Z" };
    const inputs = [wish(1, { muted_until: TOMORROW }), frame(muted), frame(USUAL)];
    expect(shownAfter(...inputs)).toEqual(USUAL);
  });

  it("a line that was read before a frame came does not take it back", () => {
    const line = { ...summary, preferences: USUAL } as ConversationSummary;
    expect(shownAfter(frame(favourite), { type: "summary", summary: line })).toEqual(favourite);
    expect(shownAfter({ type: "summary", summary: { ...line, preferences: favourite } })).toEqual(favourite);
  });

  it("a refusal leaves the other wishes", () => {
    const inputs = [wish(1, { favourite: true }), wish(2, { notify: "all" }), answer(1, null)];
    expect(shownAfter(...inputs)).toEqual({ ...USUAL, notify: "all" });
  });
});
