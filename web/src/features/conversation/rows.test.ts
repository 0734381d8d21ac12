import { describe, expect, it } from "vitest";
import type { Message } from "../../api/types.ts";
import type { Outgoing } from "../../sync/state.ts";
import { rowsOf } from "./rows.ts";

const ME = 1;

function message(seq: number, author: number, at: string): Message {
  return {
    id: seq,
    conversation_id: 1,
    seq,
    rev: seq,
    author: { id: author, username: `u${author}`, display_name: `U${author}`, kind: "person" },
    dialect: null,
    cid: `${seq}`,
    body: `${seq}`,
    created_at: new Date(`2026-11-${at}`).toISOString(),
    edited_at: null,
    deleted_at: null,
    reply_to: null,
    reactions: [],
    mentions: [],
  };
}

function shape(messages: Message[], newAfter: number | null = null, outgoing: Outgoing[] = []) {
  return rowsOf({ messages, outgoing, me: ME, newAfter }).map((row) => {
    if (row.kind === "message") return `${row.isFirst ? "+" : " "}${row.message.seq}${row.isLast ? "." : ""}`;
    return row.kind === "outgoing" ? `>${row.isFirst ? "+" : " "}` : row.kind;
  });
}

describe("the log", () => {
  it("begins a new run where the same person comes in by another door", () => {
    const elsewhere: Message = { ...message(2, 2, "20T10:01:00"), dialect: "chat_app" };
    expect(shape([message(1, 2, "20T10:00:00"), elsewhere])).toEqual(["day", "+1.", "+2."]);
  });

  it("has a line for each day", () => {
    expect(shape([message(1, 2, "20T10:00:00"), message(2, 2, "21T10:00:00")])).toEqual([
      "day",
      "+1.",
      "day",
      "+2.",
    ]);
  });

  it("puts one name on a run, which ends with another person or after a while", () => {
    const run = [
      message(1, 2, "20T10:00:00"),
      message(2, 2, "20T10:04:00"),
      message(3, 2, "20T10:09:30"),
      message(4, 3, "20T10:09:31"),
    ];
    expect(shape(run)).toEqual(["day", "+1", " 2.", "+3.", "+4."]);
  });

  it("draws the line where reading stopped, and none above everything", () => {
    const three = [message(1, 2, "20T10:00:00"), message(2, 2, "20T10:01:00"), message(3, 2, "20T10:02:00")];
    expect(shape(three, 1)).toEqual(["day", "+1", "new", "+2", " 3."]);
    expect(shape(three, 0)).not.toContain("new");
    expect(shape(three, 3)).not.toContain("new");
  });

  it("ends with what is on its way, as part of my run", () => {
    const entry = { cid: "x", createdAt: new Date("2026-11-20T10:01:00").getTime() } as Outgoing;
    expect(shape([message(1, ME, "20T10:00:00")], null, [entry, entry])).toEqual(["day", "+1.", "> ", "> "]);
    expect(shape([message(1, 2, "20T10:00:00")], null, [entry])).toEqual(["day", "+1.", ">+"]);
  });
});
