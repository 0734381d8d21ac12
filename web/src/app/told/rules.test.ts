// Who is told of what.
import { describe, expect, it } from "vitest";
import type { ConversationSummary, Me, Message } from "../../api/types.ts";
import { type Conversation, EMPTY, fromSummary, type State } from "../../sync/state.ts";
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
}

function line({ kind = "room", role = "member", last = null, read = 0, mentions = 0, asking = 0 }: Line) {
  const last_seq = last?.seq ?? 0;
  const counts = { last_seq, read_seq: read, unread: last_seq - read, unread_mentions: mentions };
  const summary = {
    id: 7,
    kind,
    role,
    name: "Kitchen",
    last_message: last,
    pending_count: asking,
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
    const told = LEVELS.map((level) => noticesOf(before, after, level, null)[0]?.kind ?? null);
    expect(told).toEqual(expected);
  });

  const before = stateOf(line({ kind: "direct", ...quiet }));
  const after = stateOf(line({ kind: "direct", last: hello, read: 4 }));

  it("nothing is told of the conversation that somebody looks at", () => {
    expect(noticesOf(before, after, "all", 7)).toEqual([]);
    expect(noticesOf(before, after, "all", 8)).toHaveLength(1);
  });

  it("nothing is told of what was there when one came in, nor of another history", () => {
    expect(noticesOf({ ...before, ready: false }, after, "all", null)).toEqual([]);
    expect(noticesOf(before, { ...after, epoch: "other" }, "all", null)).toEqual([]);
  });

  it("a conversation that was only listed late is not new", () => {
    expect(noticesOf(stateOf(null, { listedTo: 6 }), after, "all", null)).toEqual([]);
    expect(noticesOf(stateOf(null, { listedTo: null }), after, "all", null)).toHaveLength(1);
  });

  it("the message that names me is the one that a click leads to", () => {
    const held = {
      messages: [message(5, "@me", { names: [ME] }), message(6, "And more")],
      hasOlder: false,
      hasNewer: false,
    };
    const now = { ...line({ last: message(6, "And more"), read: 4, mentions: 1 }), window: held };
    expect(noticesOf(stateOf(line(quiet)), stateOf(now), "personal", null)[0]?.message?.seq).toBe(5);
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
