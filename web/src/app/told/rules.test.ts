// Who is told of what.
import { describe, expect, it } from "vitest";
import type { ConversationPreferences, ConversationSummary, Me, Message } from "../../api/types.ts";
import { type Conversation, EMPTY, fromSummary, type State } from "../../sync/state.ts";
import { countUnread, countWanting } from "./badge.ts";
import { type Level, type Notice, noticesOf, wordsOf } from "./rules.ts";

const ME = 1;
const ANA = 2;

function message(seq: number, body: string | null, { author = ANA, names = [] as number[] } = {}): Message {
  return {
    id: 100 + seq,
    seq,
    body,
    mentions: names,
    author: { id: author, username: "ana", display_name: "Ana", kind: "person" },
    conversation_id: 7,
  } as unknown as Message;
}

interface Line {
  kind?: "general" | "room" | "direct";
  role?: "owner" | "moderator" | "member";
  last?: Message | null;
  read?: number;
  mentions?: number;
  asking?: number;
  preferences?: Partial<ConversationPreferences>;
}

const NOW = Date.parse("2026-11-21T10:00:00Z");
const here = (level: Level, lookedAt: number | null = null) => ({ level, lookedAt, now: NOW });

function line(has: Line) {
  const { kind = "room", role = "member", last = null, read = 0, mentions = 0, asking = 0 } = has;
  const last_seq = last?.seq ?? 0;
  const counts = { last_seq, read_seq: read, unread: last_seq - read, unread_mentions: mentions };
  const summary = {
    id: 7,
    kind,
    role,
    name: "Kitchen",
    last_message: last,
    pending_count: asking,
    preferences: { notify: "usual", muted_until: null, favourite: false, ...has.preferences },
    ...counts,
  };
  return fromSummary(summary as unknown as ConversationSummary);
}

function stateOf(conversation: Conversation | null, change: Partial<State> = {}): State {
  const conversations = conversation ? { 7: conversation } : {};
  return {
    ...EMPTY,
    ready: true,
    epoch: "e",
    me: { id: ME } as Me,
    listedTo: null,
    conversations,
    ...change,
  };
}

const LEVELS: readonly Level[] = ["all", "personal", "nothing"];

describe("of what happens while nobody looks", () => {
  const hello = message(5, "Hello");
  const named = message(5, "Hello @me", { names: [ME] });
  const quiet = { last: message(4, "Before"), read: 4 };
  // What happens, from what to what, and what is told at the levels all, personal and nothing.
  const table: [string, Line | null, Line, (string | null)[]][] = [
    [
      "a private message",
      { kind: "direct", ...quiet },
      { kind: "direct", last: hello, read: 4 },
      ["direct", "direct", null],
    ],
    [
      "the first private message of somebody",
      null,
      { kind: "direct", last: message(1, "Hi") },
      ["direct", "direct", null],
    ],
    ["a message that names me", quiet, { last: named, read: 4, mentions: 1 }, ["mention", "mention", null]],
    ["a message in a room", quiet, { last: hello, read: 4 }, ["message", null, null]],
    [
      "a message in General",
      { kind: "general", ...quiet },
      { kind: "general", last: hello, read: 4 },
      ["message", null, null],
    ],
    [
      "my own message from elsewhere",
      quiet,
      { last: message(5, "Mine", { author: ME }), read: 5 },
      [null, null, null],
    ],
    ["a message that I read elsewhere", quiet, { last: named, read: 5 }, [null, null, null]],
    ["reading", { last: hello, read: 4 }, { last: hello, read: 5 }, [null, null, null]],
    ["an edit", { last: hello, read: 4 }, { last: message(5, "Hallo"), read: 4 }, [null, null, null]],
    ["a message that was deleted at once", quiet, { last: message(5, null), read: 4 }, [null, null, null]],
    [
      "several at once, one of which names me",
      quiet,
      { last: message(9, "Later"), read: 4, mentions: 1 },
      ["mention", "mention", null],
    ],
    [
      "a request to a room of mine",
      { role: "owner" },
      { role: "owner", asking: 1 },
      ["request", "request", null],
    ],
    [
      "a request to a room that I moderate",
      { role: "moderator" },
      { role: "moderator", asking: 1 },
      ["request", "request", null],
    ],
    ["a request that I do not decide about", {}, { asking: 1 }, [null, null, null]],
    [
      "a request that is decided",
      { role: "owner", asking: 2 },
      { role: "owner", asking: 1 },
      [null, null, null],
    ],
    ["a room that let me in", null, {}, [null, null, null]],
  ];
  it.each(table)("%s is told by level", (_, then, now, expected) => {
    const before = stateOf(then && line(then));
    const after = stateOf(line(now));
    const told = LEVELS.map((level) => noticesOf(before, after, here(level))[0]?.kind ?? null);
    expect(told).toEqual(expected);
  });

  const before = stateOf(line({ kind: "direct", ...quiet }));
  const after = stateOf(line({ kind: "direct", last: hello, read: 4 }));

  it("nothing is told of the conversation that somebody looks at", () => {
    expect(noticesOf(before, after, here("all", 7))).toEqual([]);
    expect(noticesOf(before, after, here("all", 8))).toHaveLength(1);
  });

  it("nothing is told of what was there when one came in, nor of another history", () => {
    expect(noticesOf({ ...before, ready: false }, after, here("all"))).toEqual([]);
    expect(noticesOf(before, { ...after, epoch: "other" }, here("all"))).toEqual([]);
  });

  it("a conversation that was only listed late is not new", () => {
    expect(noticesOf(stateOf(null, { listedTo: 6 }), after, here("all"))).toEqual([]);
    expect(noticesOf(stateOf(null, { listedTo: null }), after, here("all"))).toHaveLength(1);
  });

  it("the message that names me is the one that a click leads to", () => {
    const held = {
      messages: [message(5, "@me", { names: [ME] }), message(6, "And more")],
      hasOlder: false,
      hasNewer: false,
    };
    const now = { ...line({ last: message(6, "And more"), read: 4, mentions: 1 }), window: held };
    expect(noticesOf(stateOf(line(quiet)), stateOf(now), here("personal"))[0]?.message?.seq).toBe(5);
  });
});

describe("what was set for the conversation wins over what was set for the device", () => {
  const plain: Line = { last: message(5, "Hello"), read: 4 };
  const naming: Line = { last: message(5, "Hello @me", { names: [ME] }), read: 4, mentions: 1 };
  const privately: Line = { ...plain, kind: "direct" };
  const privatelyNaming: Line = { ...naming, kind: "direct" };
  const request: Line = { role: "owner", asking: 1 };
  const later = "2026-11-21T10:00:01Z";
  const earlier = "2026-11-21T09:59:59Z";
  // What is set, and what is then told of these five at whatever the device is set to; `usual`: as the device says.
  const nothing = [null, null, null, null, null];
  const table: [string, Partial<ConversationPreferences>, (string | null)[] | "usual"][] = [
    ["as usual", { notify: "usual" }, "usual"],
    ["everything", { notify: "all" }, ["message", "mention", "direct", "direct", "request"]],
    ["what names me", { notify: "mentions" }, [null, "mention", null, "direct", "request"]],
    ["nothing", { notify: "nothing" }, nothing],
    ["muted", { muted_until: later }, nothing],
    ["muted and everything", { muted_until: later, notify: "all" }, nothing],
    ["muted until a moment that has passed", { muted_until: earlier }, "usual"],
    ["a favourite", { favourite: true }, "usual"],
  ];
  const usual: Record<Level, (string | null)[]> = {
    all: ["message", "mention", "direct", "direct", "request"],
    personal: [null, "mention", "direct", "direct", "request"],
    nothing,
  };
  const cases = table.flatMap(([set, preferences, expected]) =>
    LEVELS.map((level) => ({
      set,
      level,
      preferences,
      expected: expected === "usual" ? usual[level] : expected,
    })),
  );
  it.each(cases)("$set, on a device that is set to $level", ({ level, preferences, expected }) => {
    const told = [plain, naming, privately, privatelyNaming, request].map((now) => {
      const then = { kind: now.kind, role: now.role, last: now.last ? message(4, "Before") : null, read: 4 };
      const before = stateOf(line({ ...then, preferences } as Line));
      return noticesOf(before, stateOf(line({ ...now, preferences })), here(level))[0]?.kind ?? null;
    });
    expect(told).toEqual(expected);
  });
});

describe("the counts on the title and on the picture of the tab", () => {
  const muted = { muted_until: "2026-11-21T10:00:01Z" };
  const five: Line = { last: message(5, "Hello"), read: 0, mentions: 1, role: "owner", asking: 2 };
  const table: [string, Line, number, number][] = [
    ["a room with five new messages, of which one names me, and two people at its door", five, 5, 3],
    ["the same room, muted", { ...five, preferences: muted }, 1, 1],
    [
      "the same room, muted until a moment ago",
      { ...five, preferences: { muted_until: "2026-11-21T10:00:00Z" } },
      5,
      3,
    ],
    ["a private chat with five new messages", { ...five, kind: "direct", asking: 0 }, 5, 5],
    ["the same chat, muted", { ...five, kind: "direct", asking: 0, mentions: 0, preferences: muted }, 0, 0],
  ];
  it.each(table)("%s", (_, now, unread, wanting) => {
    const state = stateOf(line(now));
    expect([countUnread(state, NOW), countWanting(state, NOW)]).toEqual([unread, wanting]);
  });
});

describe("the words of a notice", () => {
  const notice = (change: Partial<Notice>): Notice => {
    return { kind: "message", conversation: 7, message: message(5, "Beans or peas?"), count: 1, ...change };
  };
  const say = (change: Partial<Notice>, hidesText = false, place = "Kitchen") =>
    wordsOf({ notice: notice(change), place, who: "Ana", hidesText });

  it("are who and where, and what was written", () => {
    expect(say({})).toEqual({ title: "Ana in Kitchen", body: "Beans or peas?" });
    expect(say({ kind: "direct" }, false, "Ana")).toEqual({ title: "Ana", body: "Beans or peas?" });
  });

  it("do not show what was written where that is to be hidden", () => {
    expect(say({}, true)).toEqual({ title: "Ana in Kitchen", body: "New message" });
    expect(say({ kind: "mention" }, true).body).toBe("Names you");
    expect(say({ kind: "direct" }, true, "Ana").body).toBe("New private message");
    expect(say({ count: 3 }, true)).toEqual({ title: "Kitchen", body: "3 unread messages" });
  });

  it("gather several of one conversation", () => {
    expect(say({ count: 3 })).toEqual({ title: "Kitchen", body: "3 unread messages\nAna: Beans or peas?" });
    expect(say({ kind: "direct", count: 2 }, false, "Ana").body).toBe("2 unread messages\nBeans or peas?");
    expect(say({ kind: "mention", count: 2 }).body).toBe("2 messages name you\nAna: Beans or peas?");
  });

  it("say who asks to join, or how many", () => {
    expect(say({ kind: "request", message: null }).title).toBe("Ana asks to join Kitchen");
    expect(say({ kind: "request", message: null, count: 2 })).toEqual({
      title: "Kitchen",
      body: "2 people ask to join",
    });
  });

  it("are cut to the few lines that a notification has", () => {
    expect([...say({ message: message(5, "x".repeat(900)) }).body].length).toBe(160);
  });
});
