// What stands in the log, from top to bottom: days, the line above what is new, messages in runs by one person, and
// at the end what is on its way.
import type { Message, Seq } from "../../api/types.ts";
import { dayKey } from "../../lib/time.ts";
import type { Outgoing } from "../../sync/state.ts";

export type Row =
  | { kind: "day"; key: string; at: string }
  | { kind: "new"; key: "new"; count: number; since: string | null }
  | { kind: "message"; key: string; message: Message; isFirst: boolean; isLast: boolean; isMine: boolean }
  | { kind: "outgoing"; key: string; entry: Outgoing; isFirst: boolean };

export interface RowsInput {
  messages: readonly Message[];
  outgoing: readonly Outgoing[];
  me: number;
  /** The last message read when the line above the new ones was drawn; `null`: no line. */
  newAfter: Seq | null;
}

/** Messages by one person, by one door, closer together than this share one name. */
const RUN_MS = 5 * 60_000;

export function rowsOf({ messages, outgoing, me, newAfter }: RowsInput): Row[] {
  const rows: Row[] = [];
  let before: Message | null = null;
  for (const [index, message] of messages.entries()) {
    const isNewDay: boolean = !before || dayKey(before.created_at) !== dayKey(message.created_at);
    if (isNewDay)
      rows.push({ kind: "day", key: `day-${dayKey(message.created_at)}`, at: message.created_at });
    const isNew: boolean = newAfter !== null && message.seq > newAfter && (before?.seq ?? 0) <= newAfter;
    // A line above everything would say nothing.
    if (isNew && before)
      rows.push({ kind: "new", key: "new", count: messages.length - index, since: before.created_at });
    const isFirst = isNewDay || isNew || !before || !isRun(before, message);
    const after = messages[index + 1];
    const isLast =
      !after || !isRun(message, after) || dayKey(after.created_at) !== dayKey(message.created_at);
    const isMine = message.author.id === me;
    rows.push({ kind: "message", key: keyOfSeq(message.seq), message, isFirst, isLast, isMine });
    before = message;
  }
  for (const [index, entry] of outgoing.entries()) {
    const isRunOn =
      index > 0 || (before?.author.id === me && entry.createdAt - Date.parse(before.created_at) < RUN_MS);
    rows.push({ kind: "outgoing", key: entry.cid, entry, isFirst: !isRunOn });
  }
  return rows;
}

export function keyOfSeq(seq: Seq): string {
  return `m${seq}`;
}

function isRun(before: Message, message: Message): boolean {
  const apart = Date.parse(message.created_at) - Date.parse(before.created_at);
  return before.author.id === message.author.id && before.dialect === message.dialect && apart < RUN_MS;
}
