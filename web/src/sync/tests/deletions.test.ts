// Deleting: at once for me, for the others when it can no longer be taken back; once, and in the end for certain.
import { describe, expect, it } from "vitest";
import { ApiError } from "../../api/problem.ts";
import { asMeant } from "../deletions.ts";
import { DELETIONS_LEN_MAX, UNDO_LOST_MS } from "../limits.ts";
import { type Browser, world } from "./world.ts";

/** Ana, who looks at a room with three messages of hers. */
async function story() {
  const w = world();
  const ana = w.person("Ana");
  const ben = w.person("Ben");
  const room = w.server.room("room", "Kitchen garden", [ana, ben]);
  for (const body of ["one", "two", "three"]) w.server.post(ana.id, room, body);
  const hers = await w.browser(ana);
  hers.sync.open(room);
  await w.clock.pass(0);
  const remove = (id: number, by = hers) => {
    const held = by.sync.state().conversations[room]?.window?.messages;
    const message = held?.find((one) => one.id === id) ?? expect.fail(`${id}`);
    return by.sync.delete(message);
  };
  const shown = (by: Browser = hers) => {
    const state = by.sync.state();
    const conversation = state.conversations[room] ?? expect.fail("no room");
    return asMeant(conversation, state.deletions).window?.messages.map(({ body }) => body);
  };
  const stored = () => w.server.messages(room).map(({ body }) => body);
  const asked = () => w.server.requests.filter((one) => one.startsWith("delete"));
  return { ...w, ana, ben, room, hers, remove, shown, stored, asked };
}

describe("what I delete", () => {
  it("is gone for me at once, and for nobody else while I may take it back", async () => {
    const s = await story();
    s.remove(2);
    expect(s.shown()).toEqual(["one", null, "three"]);
    await s.clock.pass(30_000);
    expect(s.asked()).toEqual([]);
    s.hers.sync.undelete(2);
    expect(s.shown()).toEqual(["one", "two", "three"]);
    s.hers.sync.deleteNow();
    await s.clock.pass(1_000);
    expect(s.stored()).toEqual(["one", "two", "three"]);
    expect(s.asked()).toEqual([]);
    expect(s.hers.storage.deletions.entries.size).toBe(0);
  });

  it("is gone for everybody once it can no longer be taken back", async () => {
    const s = await story();
    s.remove(2);
    s.remove(3);
    s.hers.sync.deleteNow(2);
    s.hers.sync.undelete(2);
    await s.clock.pass(0);
    expect(s.stored()).toEqual(["one", null, "three"]);
    expect(s.shown()).toEqual(["one", null, null]);
    expect(s.hers.sync.state().deletions.map(({ message }) => message)).toEqual([3]);
  });

  it("is meant when one goes elsewhere", async () => {
    const s = await story();
    s.remove(1);
    s.hers.sync.open(s.room);
    await s.clock.pass(0);
    expect(s.asked()).toEqual([]);
    s.hers.sync.open(null);
    await s.clock.pass(0);
    expect(s.stored()[0]).toBeNull();
  });

  it("stays the same object while it waits, so that no row is drawn again", async () => {
    const s = await story();
    s.remove(1);
    const { conversations, deletions } = s.hers.sync.state();
    const conversation = conversations[s.room] ?? expect.fail();
    const first = () => asMeant(conversation, deletions).window?.messages[0];
    expect(first()).toBe(first());
    expect(asMeant(conversation, [])).toBe(conversation);
  });

  it("is bounded", async () => {
    const s = await story();
    const message = s.server.messages(s.room)[0] ?? expect.fail();
    for (let id = 100; id < 100 + DELETIONS_LEN_MAX; id += 1)
      expect(s.hers.sync.delete({ ...message, id })).toBe(true);
    expect(s.remove(1)).toBe(false);
  });
});

describe("a deletion that the network keeps back", () => {
  it("is sent once when the connection is back", async () => {
    const s = await story();
    s.hers.sync.network(false);
    s.remove(1);
    s.hers.sync.deleteNow();
    await s.clock.pass(60_000);
    expect(s.asked()).toEqual([]);
    expect(s.shown()?.[0]).toBeNull();
    s.hers.sync.network(true);
    await s.clock.pass(1_000);
    expect(s.asked()).toEqual(["delete 1"]);
    expect(s.stored()[0]).toBeNull();
  });

  it("is sent by the next page after a reload", async () => {
    const s = await story();
    s.hers.sync.network(false);
    s.remove(1);
    s.remove(2);
    s.hers.sync.undelete(2);
    s.hers.sync.deleteNow();
    s.hers.sync.stop();
    const again = await s.browser(s.ana, s.hers.storage);
    await s.clock.pass(1_000);
    expect(s.stored()).toEqual([null, "two", "three"]);
    expect(again.storage.deletions.entries.size).toBe(0);
  });

  it("is brought to its end by another window if its own is lost", async () => {
    const s = await story();
    s.remove(1);
    await s.browser(s.ana, s.hers.storage);
    s.hers.sync.stop();
    await s.clock.pass(UNDO_LOST_MS - 1_000);
    expect(s.asked()).toEqual([]);
    await s.clock.pass(2_000);
    expect(s.asked()).toEqual(["delete 1"]);
    expect(s.stored()[0]).toBeNull();
  });

  it("is left to the window that may still take it back, unless that was lost", async () => {
    const s = await story();
    s.remove(1);
    const other = await s.browser(s.ana, s.hers.storage);
    await s.clock.pass(1_000);
    expect(s.asked()).toEqual([]);
    for (const { sync } of [s.hers, other]) sync.stop();
    await s.clock.pass(UNDO_LOST_MS);
    await s.browser(s.ana, s.hers.storage);
    await s.clock.pass(1_000);
    expect(s.stored()[0]).toBeNull();
  });

  it("is repeated until there is an answer, and harms nothing", async () => {
    const s = await story();
    s.server.problems = [new ApiError({ code: "busy", title: "Busy.", status: 503 })];
    // Neither the answer arrives nor the event that would say the same.
    s.server.dropAnswers = 1;
    s.server.dropEvents = 1;
    s.remove(1);
    s.hers.sync.deleteNow();
    await s.clock.pass(10_000);
    expect(s.asked()).toHaveLength(3);
    expect(s.hers.sync.state().deletions).toEqual([]);
    expect(s.stored()[0]).toBeNull();
  });
});

describe("a deletion that cannot be", () => {
  it("brings the message back when the server refuses it, and says why", async () => {
    const s = await story();
    s.server.problems = [new ApiError({ code: "forbidden", title: "You may not.", status: 403 })];
    s.remove(1);
    s.hers.sync.deleteNow();
    await s.clock.pass(1_000);
    expect(s.shown()).toEqual(["one", "two", "three"]);
    expect(s.hers.sync.state().deletions).toMatchObject([
      { state: "failed", error: { code: "forbidden", detail: "You may not." } },
    ]);
    expect(s.hers.storage.deletions.entries.size).toBe(0);
    s.hers.sync.undelete(1);
    expect(s.hers.sync.state().deletions).toEqual([]);
  });

  it("is forgotten when somebody else was faster, or the room is no longer mine", async () => {
    const s = await story();
    s.remove(1);
    s.server.remove(1);
    await s.clock.pass(0);
    expect(s.hers.sync.state().deletions).toEqual([]);
    s.remove(2);
    s.server.setMembership(s.ana.id, s.room, "left");
    await s.clock.pass(0);
    expect(s.hers.sync.state().deletions).toEqual([]);
    expect(s.asked()).toEqual([]);
  });

  it("is forgotten when the server has another history", async () => {
    const s = await story();
    s.hers.sync.network(false);
    s.remove(1);
    s.hers.sync.deleteNow();
    s.server.epoch = "second";
    s.hers.sync.network(true);
    await s.clock.pass(2_000);
    expect(s.asked()).toEqual([]);
    expect(s.hers.sync.state().deletions).toEqual([]);
  });

  it("ends the session that is over, and stays written down", async () => {
    const s = await story();
    s.remove(1);
    s.server.signedOut.add(s.ana.id);
    s.hers.sync.deleteNow();
    await s.clock.pass(0);
    expect(s.hers.signOuts).toBe(1);
    expect([...s.hers.storage.deletions.entries.keys()]).toEqual([1]);
  });
});
