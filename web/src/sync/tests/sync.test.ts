// The local copy against a server: what is shown is what the server has, whatever the network does in between.
import { describe, expect, it } from "vitest";
import type { Me } from "../../api/types.ts";
import { OUTBOX_LEN_MAX, WINDOW_LEN_FOLLOWED, WINDOW_LEN_MAX } from "../limits.ts";
import type { Conversation } from "../state.ts";
import { type Browser, type World, world } from "./world.ts";

interface Story extends World {
  ana: Me;
  ben: Me;
  room: number;
  hers: Browser;
}

/** Ana, who made a room, and Ben, who is in it; Ana looks at it. */
async function story(): Promise<Story> {
  const w = world();
  const ana = w.person("Ana");
  const ben = w.person("Ben");
  const room = w.server.room("room", "Kitchen garden", [ana, ben]);
  w.server.post(ben.id, room, "first");
  const hers = await w.browser(ana);
  hers.sync.open(room);
  await w.clock.pass(0);
  return { ...w, ana, ben, room, hers };
}

/** What a person sees of a conversation. */
function seen(conversation: Conversation | undefined) {
  if (!conversation) return null;
  const { summary, cursor, window, members, pending } = conversation;
  return { summary, cursor, window, members, pending: pending ?? [] };
}

/** The replay law: the old copy with what was told equals a copy made afresh. */
async function expectSameAsFresh({ browser, ana, hers, room, clock }: Story): Promise<void> {
  await clock.pass(1_000);
  const fresh = await browser(ana);
  fresh.sync.open(room);
  await clock.pass(1_000);
  expect(seen(hers.sync.state().conversations[room])).toEqual(seen(fresh.sync.state().conversations[room]));
  fresh.sync.stop();
}

describe("the replay law: a copy that heard an event equals a copy loaded afterwards", () => {
  const events: Record<string, (s: Story) => void> = {
    "a message is posted": (s) => s.server.post(s.ben.id, s.room, "hello"),
    "a message names me": (s) => s.server.post(s.ben.id, s.room, "hello @ana"),
    "I post from another device": (s) => s.server.post(s.ana.id, s.room, "from my phone"),
    "a message is edited": (s) => s.server.edit(1, "first, mended"),
    "an edit names me": (s) => s.server.edit(1, "first, for @ana"),
    "a message is deleted": (s) => s.server.remove(1),
    "a message is reacted to": (s) => s.server.react(1, s.ben.id, "👍"),
    "somebody joins": (s) => s.server.setMembership(s.person("Cem").id, s.room, "active"),
    "somebody is promoted": (s) => s.server.setMembership(s.ben.id, s.room, "active", "moderator"),
    "somebody leaves": (s) => s.server.setMembership(s.ben.id, s.room, "left"),
    "somebody asks to join": (s) => s.server.ask(s.person("Cem").id, s.room),
    "somebody who asked is let in": (s) => {
      const cem = s.person("Cem");
      s.server.ask(cem.id, s.room);
      s.server.setMembership(cem.id, s.room, "active");
    },
    "the room is renamed": (s) => s.server.rename(s.room, "Orchard"),
    "I read on another device": (s) => s.server.read(s.ana.id, s.room, 1),
    "I set something on another device": (s) => {
      s.server.prefer(s.ana.id, s.room, { notify: "nothing", favourite: true });
    },
    "somebody else reads": (s) => s.server.read(s.ben.id, s.room, 1),
  };
  for (const [name, happen] of Object.entries(events)) {
    it(name, async () => {
      const s = await story();
      happen(s);
      await expectSameAsFresh(s);
    });
    it(`${name}, while the connection was down`, async () => {
      const s = await story();
      s.server.cut();
      happen(s);
      await s.clock.pass(2_000);
      await expectSameAsFresh(s);
    });
  }
});

describe("what is missed", () => {
  it("is fetched when an event does not follow on the last one", async () => {
    const s = await story();
    s.server.dropEvents = 1;
    s.server.post(s.ben.id, s.room, "lost on the way");
    s.server.post(s.ben.id, s.room, "seen");
    await s.clock.pass(0);
    expect(s.hers.bodies(s.room)).toEqual(["first", "lost on the way", "seen"]);
    expect(s.server.requests.filter((asked) => asked.startsWith("changes"))).toHaveLength(1);
  });

  it("is fetched when the server says that it dropped events", async () => {
    const s = await story();
    s.server.dropEvents = 2;
    s.server.post(s.ben.id, s.room, "one");
    const { rev } = s.server.edit(1, "mended");
    s.server.tellAccount(s.ana.id, { op: "lag", conversation: s.room, head: rev });
    await s.clock.pass(0);
    expect(s.hers.bodies(s.room)).toEqual(["mended", "one"]);
  });

  it("is fetched again and again while there is more, and ends with the newest page when there is too much", async () => {
    const s = await story();
    s.server.changesMax = 3;
    s.server.cut();
    for (let n = 0; n < 40; n += 1) s.server.post(s.ben.id, s.room, `missed ${n}`);
    await s.clock.pass(10_000);
    await expectSameAsFresh(s);
    expect(s.hers.bodies(s.room)).toHaveLength(41);
  });

  it("cannot come back once it was deleted", async () => {
    const s = await story();
    s.server.cut();
    s.server.edit(1, "to be deleted");
    s.server.remove(1);
    await s.clock.pass(2_000);
    expect(s.hers.bodies(s.room)).toEqual([null]);
  });

  it("does not lead to a loop when the server's answer does not help", async () => {
    const s = await story();
    s.server.tellAccount(s.ana.id, { op: "lag", conversation: s.room, head: 999 });
    await s.clock.pass(2_000);
    expect(s.server.requests.filter((asked) => asked.startsWith("changes")).length).toBeLessThan(12);
  });
});

describe("events", () => {
  it("that come twice change nothing the second time", async () => {
    const s = await story();
    const message = s.server.post(s.ben.id, s.room, "@ana once");
    await s.clock.pass(0);
    const before = s.hers.sync.state();
    const event = {
      op: "event",
      conversation: s.room,
      rev: message.rev,
      type: "message.created",
      message,
    } as const;
    s.server.tellAccount(s.ana.id, event);
    await s.clock.pass(0);
    expect(s.hers.sync.state()).toBe(before);
  });

  it("are not undone by an answer that was read before them and arrives late", async () => {
    const s = await story();
    const early = structuredClone(s.server.edit(1, "once"));
    s.server.edit(1, "twice");
    await s.clock.pass(0);
    s.hers.sync.take({ type: "message", message: early });
    expect(s.hers.bodies(s.room)).toEqual(["twice"]);
  });

  it("of a type that is not known yet take their number and nothing else", async () => {
    const s = await story();
    const rev = (s.hers.sync.state().conversations[s.room]?.cursor ?? 0) + 1;
    const unknown = { op: "event", conversation: s.room, rev, type: "message.pinned" };
    s.server.tellAccount(s.ana.id, unknown as never);
    await s.clock.pass(0);
    expect(s.hers.sync.state().conversations[s.room]?.cursor).toBe(rev);
  });

  it("of a conversation that is not known have it fetched", async () => {
    const s = await story();
    const other = s.server.room("direct", "", [s.ana, s.ben]);
    s.server.post(s.ben.id, other, "psst");
    await s.clock.pass(0);
    expect(s.hers.unread(other)).toBe(1);
  });
});

describe("a new connection", () => {
  it("resumes only the conversations whose messages are held", async () => {
    const s = await story();
    const other = s.server.room("room", "Never opened", [s.ana]);
    s.server.cut();
    await s.clock.pass(2_000);
    const hello = s.server.heard.filter(({ frame }) => frame.op === "hello").at(-1)?.frame;
    expect(hello).toMatchObject({ resume: { epoch: "first", cursors: { [s.room]: 2 } } });
    expect(hello).not.toHaveProperty(`resume.cursors.${other}`);
  });

  it("throws the copy away when the server's history is another one", async () => {
    const s = await story();
    s.server.post(s.ben.id, s.room, "only in the old history");
    await s.clock.pass(0);
    (s.server.messages(s.room) as unknown[]).pop();
    s.server.restore("second");
    s.server.cut();
    await s.clock.pass(2_000);
    expect(s.hers.bodies(s.room)).toEqual(["first"]);
    expect(s.hers.sync.state().epoch).toBe("second");
  });

  it("says what was read while there was none", async () => {
    const s = await story();
    s.server.isUp = false;
    s.server.cut();
    s.hers.sync.read(s.room, 1);
    expect(s.hers.unread(s.room)).toBe(0);
    s.server.isUp = true;
    await s.clock.pass(60_000);
    expect(s.hers.unread(s.room)).toBe(0);
    const said = s.server.heard.map(({ frame }) => frame).filter(({ op }) => op === "read");
    expect(said).toEqual([{ op: "read", conversation: s.room, seq: 1 }]);
  });

  it("says what was read at once when the page goes, and once", async () => {
    const s = await story();
    s.hers.sync.read(s.room, 1);
    const said = () => s.server.heard.map(({ frame }) => frame).filter(({ op }) => op === "read");
    expect(said()).toEqual([]);
    s.hers.sync.sayReads();
    await s.clock.pass(60_000);
    expect(said()).toEqual([{ op: "read", conversation: s.room, seq: 1 }]);
  });

  it("asks for the rest of a list that does not fit into the welcome", async () => {
    const s = await story();
    for (let n = 0; n < 7; n += 1) s.server.room("room", `Room ${n}`, [s.ana]);
    s.server.listMax = 3;
    s.server.cut();
    s.server.post(s.ben.id, s.room, "missed");
    await s.clock.pass(3_000);
    expect(Object.keys(s.hers.sync.state().conversations)).toHaveLength(8);
    s.server.setMembership(s.ana.id, 7, "left");
    s.server.cut();
    await s.clock.pass(3_000);
    expect(Object.keys(s.hers.sync.state().conversations).map(Number)).toEqual([1, 2, 3, 4, 5, 6, 8]);
    expect(s.hers.bodies(s.room)).toEqual(["first", "missed"]);
  });

  it("forgets a room that I was removed from meanwhile", async () => {
    const s = await story();
    s.server.cut();
    s.server.setMembership(s.ana.id, s.room, "left");
    await s.clock.pass(2_000);
    expect(s.hers.sync.state().conversations).toEqual({});
  });
});

describe("membership", () => {
  it("of General shows who came after the list was fetched, once they speak", async () => {
    const s = await story();
    const general = s.server.room("general", "General", [s.ana]);
    const hers = await s.browser(s.ana);
    hers.sync.open(general);
    await s.clock.pass(1_000);
    const cem = s.person("Cem");
    s.server.setMembershipQuietly(cem.id, general);
    s.server.post(cem.id, general, "hello, I am new");
    await s.clock.pass(1_000);
    const members = hers.sync.state().conversations[general]?.members ?? {};
    expect(Object.values(members).map(({ account }) => account.display_name)).toEqual(["Ana", "Cem"]);
  });

  it("waits, and turns into the room by itself when it is granted", async () => {
    const s = await story();
    const cem = s.person("Cem");
    const his = await s.browser(cem);
    s.server.ask(cem.id, s.room);
    await s.clock.pass(0);
    expect(his.sync.state().requests[s.room]?.name).toBe("Kitchen garden");
    s.server.setMembership(cem.id, s.room, "active");
    await s.clock.pass(0);
    expect(his.sync.state().requests).toEqual({});
    his.sync.open(s.room);
    await s.clock.pass(0);
    expect(his.bodies(s.room)).toEqual(["first"]);
  });

  it("is told to have been refused, until it is asked for again", async () => {
    const s = await story();
    const cem = s.person("Cem");
    const his = await s.browser(cem);
    s.server.ask(cem.id, s.room);
    s.server.setMembership(cem.id, s.room, "left");
    await s.clock.pass(0);
    expect([his.sync.state().requests, his.sync.state().refused[s.room]?.name]).toEqual([
      {},
      "Kitchen garden",
    ]);
    s.server.ask(cem.id, s.room);
    await s.clock.pass(0);
    expect(his.sync.state().refused).toEqual({});
  });

  it("ends with the change that removes me: nothing after it is shown", async () => {
    const s = await story();
    s.server.setMembership(s.ana.id, s.room, "banned");
    s.server.post(s.ben.id, s.room, "about Ana");
    await s.clock.pass(0);
    expect(s.hers.sync.state().conversations[s.room]).toBeUndefined();
  });
});

describe("the outbox", () => {
  it("shows a message at once and replaces it by the stored one without a gap", async () => {
    const s = await story();
    s.hers.sync.send(s.room, "hello", null);
    expect(s.hers.sync.state().outbox.map(({ body, state }) => [body, state])).toEqual([
      ["hello", "sending"],
    ]);
    await s.clock.pass(0);
    expect(s.hers.sync.state().outbox).toEqual([]);
    expect(s.hers.bodies(s.room)).toEqual(["first", "hello"]);
    expect(s.hers.unread(s.room)).toBe(0);
    expect(s.hers.storage.entries.size).toBe(0);
  });

  it("keeps the order in which messages were typed, over breaks and refusals", async () => {
    const s = await story();
    const typed = Array.from({ length: 12 }, (_, n) => `message ${n}`);
    s.server.refusals = [{ code: "rate_limited", final: false, retry_after_ms: 700 }];
    for (const [n, body] of typed.entries()) {
      s.hers.sync.send(s.room, body, null);
      if (n === 4) s.server.cut();
      if (n === 8) await s.clock.pass(100);
    }
    s.server.cut();
    await s.clock.pass(60_000);
    expect(s.server.messages(s.room).map(({ body }) => body)).toEqual(["first", ...typed]);
    expect(s.hers.bodies(s.room)).toEqual(["first", ...typed]);
    expect(s.hers.sync.state().outbox).toEqual([]);
  });

  it("stores a message once when the answer was lost", async () => {
    const s = await story();
    s.server.dropAcks = 1;
    s.server.dropEvents = 1;
    s.hers.sync.send(s.room, "once", null);
    await s.clock.pass(60_000);
    expect(s.server.messages(s.room).map(({ body }) => body)).toEqual(["first", "once"]);
    expect(s.hers.bodies(s.room)).toEqual(["first", "once"]);
    expect(s.hers.sync.state().outbox).toEqual([]);
  });

  it("survives a reload while offline and is sent by the next page", async () => {
    const s = await story();
    s.server.isUp = false;
    s.server.cut();
    s.hers.sync.send(s.room, "typed in the tunnel", null);
    s.hers.sync.send(s.room, "and one more", null);
    s.hers.sync.stop();
    const after = await s.browser(s.ana, s.hers.storage);
    expect(after.sync.state().outbox).toHaveLength(2);
    s.server.isUp = true;
    await s.clock.pass(60_000);
    expect(s.server.messages(s.room).map(({ body }) => body)).toEqual([
      "first",
      "typed in the tunnel",
      "and one more",
    ]);
    expect(s.hers.storage.entries.size).toBe(0);
  });

  it("keeps what was refused for good, until it is tried again or thrown away", async () => {
    const s = await story();
    s.server.refusals = [
      { code: "conversation_archived", final: true, retry_after_ms: null },
      { code: "too_large", final: true, retry_after_ms: null },
    ];
    s.hers.sync.send(s.room, "one", null);
    s.hers.sync.send(s.room, "two", null);
    s.hers.sync.send(s.room, "three", null);
    await s.clock.pass(0);
    const [one, two] = s.hers.sync.state().outbox;
    expect([one?.state, one?.error?.code, two?.state]).toEqual(["failed", "conversation_archived", "failed"]);
    expect(s.hers.bodies(s.room)).toEqual(["first", "three"]);
    s.hers.sync.retry(one?.cid ?? "");
    s.hers.sync.discard(two?.cid ?? "");
    await s.clock.pass(0);
    expect(s.hers.bodies(s.room)).toEqual(["first", "three", "one"]);
    expect(s.hers.storage.entries.size).toBe(0);
  });

  it("has an end", async () => {
    const s = await story();
    s.server.isUp = false;
    s.server.cut();
    for (let n = 0; n < OUTBOX_LEN_MAX; n += 1) expect(s.hers.sync.send(s.room, `${n}`, null)).toBe(true);
    expect(s.hers.sync.send(s.room, "one too many", null)).toBe(false);
    expect(s.hers.sync.state().outbox).toHaveLength(OUTBOX_LEN_MAX);
  });
});

describe("the messages that are held", () => {
  it("grow by pages in both directions and stay within their bound", async () => {
    const s = await story();
    for (let n = 2; n <= 1_000; n += 1) s.server.post(s.ben.id, s.room, `${n}`);
    await s.clock.pass(0);
    const seqs = () =>
      s.hers.sync.state().conversations[s.room]?.window?.messages.map(({ seq }) => seq) ?? [];
    expect(seqs().at(-1)).toBe(1_000);
    // Who follows at the end holds fewer: each new message has them laid out again.
    expect(seqs().length).toBeLessThanOrEqual(WINDOW_LEN_FOLLOWED);
    s.hers.sync.following(s.room, false);
    for (let n = 0; n < 20; n += 1) {
      s.hers.sync.loadOlder(s.room);
      await s.clock.pass(1_000);
    }
    expect(seqs()[0]).toBe(1);
    expect(seqs()).toHaveLength(WINDOW_LEN_MAX);
    // A new message is counted but does not push away what is being read.
    s.server.post(s.ben.id, s.room, "new");
    await s.clock.pass(0);
    expect(seqs().at(-1)).toBe(WINDOW_LEN_MAX);
    expect(s.hers.unread(s.room)).toBe(1_001);
    for (let n = 0; n < 20; n += 1) {
      s.hers.sync.loadNewer(s.room);
      await s.clock.pass(1_000);
    }
    expect(seqs().at(-1)).toBe(1_001);
    expect(seqs()).toEqual(Array.from({ length: WINDOW_LEN_MAX }, (_, n) => n + 402));
  });

  it("say which page did not come, and fetch it at once when they are asked to", async () => {
    const s = await story();
    for (let n = 2; n <= 80; n += 1) s.server.post(s.ben.id, s.room, `${n}`);
    const fresh = await s.browser(s.ana);
    fresh.sync.take({ type: "read", conversation: s.room, seq: 80 });
    fresh.sync.open(s.room);
    await s.clock.pass(0);
    const held = () => fresh.sync.state().conversations[s.room];
    s.server.isUp = false;
    fresh.sync.loadOlder(s.room);
    await s.clock.pass(0);
    expect(held()?.stuck).toEqual({ kind: "older" });
    s.server.isUp = true;
    fresh.sync.turnAgain(s.room);
    await s.clock.pass(0);
    expect(held()?.stuck).toBeNull();
    expect(held()?.window?.messages[0]?.seq).toBe(1);
  });

  it("do not keep an old text when a page was read before an edit that was heard of first", async () => {
    const s = await story();
    for (let n = 2; n <= 80; n += 1) s.server.post(s.ben.id, s.room, `${n}`);
    const fresh = await s.browser(s.ana);
    fresh.sync.open(s.room);
    await s.clock.pass(0);
    const old = await s.server.api(s.ana.id).history(s.room, { before: 31 }, 50);
    s.server.edit(1, "mended");
    await s.clock.pass(0);
    fresh.sync.take({ type: "page", conversation: s.room, kind: "older", page: old });
    await s.clock.pass(1_000);
    expect(fresh.bodies(s.room)[0]).toBe("mended");
  });

  it("begin at the first unread one, unless that is too long ago", async () => {
    const s = await story();
    s.server.read(s.ana.id, s.room, 1);
    for (let n = 2; n <= 301; n += 1) s.server.post(s.ben.id, s.room, `${n}`);
    const fresh = await s.browser(s.ana);
    fresh.sync.open(s.room);
    await s.clock.pass(0);
    const window = () => fresh.sync.state().conversations[s.room]?.window;
    expect([window()?.messages[0]?.seq, window()?.hasOlder, window()?.hasNewer]).toEqual([1, false, true]);
    expect(fresh.unread(s.room)).toBe(300);
    for (let n = 302; n <= 800; n += 1) s.server.post(s.ben.id, s.room, `${n}`);
    const later = await s.browser(s.ana);
    later.sync.open(s.room);
    await s.clock.pass(0);
    expect(later.bodies(s.room).at(-1)).toBe("800");
  });

  it("can be opened around a place and joined to the newest ones again", async () => {
    const s = await story();
    for (let n = 2; n <= 300; n += 1) s.server.post(s.ben.id, s.room, `${n}`);
    await s.clock.pass(0);
    s.hers.sync.loadAround(s.room, 100);
    await s.clock.pass(0);
    const window = s.hers.sync.state().conversations[s.room]?.window;
    expect(window?.messages.some(({ seq }) => seq === 100)).toBe(true);
    expect([window?.hasOlder, window?.hasNewer]).toEqual([true, true]);
    s.hers.sync.loadNewest(s.room);
    s.hers.sync.read(s.room, 300);
    await s.clock.pass(1_000);
    await expectSameAsFresh(s);
  });
});

describe("typing", () => {
  it("is said at most every few seconds and ends when it is not repeated", async () => {
    const s = await story();
    const his = await s.browser(s.ben);
    his.sync.typing(s.room);
    his.sync.typing(s.room);
    await s.clock.pass(0);
    expect(s.server.heard.filter(({ frame }) => frame.op === "typing")).toHaveLength(1);
    expect(Object.keys(s.hers.sync.state().conversations[s.room]?.typing ?? {})).toEqual([String(s.ben.id)]);
    await s.clock.pass(10_000);
    expect(s.hers.sync.state().conversations[s.room]?.typing).toEqual({});
  });

  it("is said anew right after a message was sent", async () => {
    const s = await story();
    const his = await s.browser(s.ben);
    his.sync.typing(s.room);
    his.sync.send(s.room, "there", null);
    his.sync.typing(s.room);
    await s.clock.pass(0);
    expect(s.server.heard.filter(({ frame }) => frame.op === "typing")).toHaveLength(2);
  });

  it("ends with the message", async () => {
    const s = await story();
    s.server.tellAccount(s.ana.id, { op: "typing", conversation: s.room, account: s.ben.id });
    s.server.post(s.ben.id, s.room, "there");
    await s.clock.pass(0);
    expect(s.hers.sync.state().conversations[s.room]?.typing).toEqual({});
  });
});
