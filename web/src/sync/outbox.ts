// The outbox: what was typed, until the server has it. Within a conversation only one message is under way at a
// time, so that a refused one cannot be overtaken by the next; sending twice is harmless because of the cid.
import type { Ack, Nack } from "../api/frames.ts";
import type { Message } from "../api/types.ts";
import { retryDelay } from "./backoff.ts";
import type { Conversation, Outgoing, State } from "./state.ts";

/** Replaces the entry with this cid. */
export function change(state: State, cid: string, to: (entry: Outgoing) => Outgoing): State {
  if (!state.outbox.some((entry) => entry.cid === cid)) return state;
  return { ...state, outbox: state.outbox.map((entry) => (entry.cid === cid ? to(entry) : entry)) };
}

export function discard(state: State, cid: string): State {
  return { ...state, outbox: state.outbox.filter((entry) => entry.cid !== cid) };
}

/** Stored: it stays until the message itself is in the copy, so that nothing blinks. */
export function takeAck(state: State, ack: Ack): State {
  if (!ack.cid) return state;
  return change(state, ack.cid, (entry) => ({
    ...entry,
    state: "stored",
    rev: ack.rev,
    seq: ack.seq,
    error: null,
  }));
}

/** Refused: for good, or until a little later. */
export function takeNack(state: State, nack: Nack, now: number): State {
  if (!nack.cid) return state;
  const error = { code: nack.code, detail: nack.detail };
  return change(state, nack.cid, (entry) => {
    if (nack.final) return { ...entry, state: "failed", error };
    const attempts = entry.attempts + 1;
    // The random part is left out: there is one of us, and the server's own wish counts when it is longer.
    const wait = Math.max(
      nack.retry_after_ms ?? 0,
      retryDelay(attempts, () => 0.5),
    );
    return { ...entry, state: "queued", attempts, notBefore: now + wait, error };
  });
}

/** The connection is gone: what was under way may or may not have been stored, and is sent again. */
export function takeBreak(state: State): State {
  if (!state.outbox.some((entry) => entry.state === "sending")) return state;
  const outbox = state.outbox.map((entry) =>
    entry.state === "sending" ? { ...entry, state: "queued" as const } : entry,
  );
  return { ...state, outbox };
}

/** My own messages that arrived in the copy leave the outbox. */
export function arrived(state: State, messages: readonly Message[]): State {
  if (state.outbox.length === 0) return state;
  const mine = new Set(
    messages.filter((message) => message.author.id === state.me?.id).map(({ cid }) => cid),
  );
  if (mine.size === 0) return state;
  const outbox = state.outbox.filter((entry) => !mine.has(entry.cid));
  return outbox.length === state.outbox.length ? state : { ...state, outbox };
}

/** Stored entries whose message the copy holds, or will not hold, leave too. */
export function settle(state: State): State {
  const outbox = state.outbox.filter((entry) => {
    return entry.state !== "stored" || isAwaited(state.conversations[entry.conversation], entry);
  });
  return outbox.length === state.outbox.length ? state : { ...state, outbox };
}

function isAwaited(conversation: Conversation | undefined, entry: Outgoing): boolean {
  if (!conversation?.window || conversation.window.hasNewer) return false;
  return conversation.cursor < entry.rev;
}

/** What may be sent now: the first of each conversation, unless it is under way or has to wait. */
export function due(state: State, now: number): Outgoing[] {
  return firsts(state).filter((entry) => entry.state === "queued" && entry.notBefore <= now);
}

/** When to look again, if something waits for a moment. */
export function nextMoment(state: State, now: number): number | null {
  const waiting = firsts(state).filter((entry) => entry.state === "queued" && entry.notBefore > now);
  return waiting.length > 0 ? Math.min(...waiting.map((entry) => entry.notBefore)) : null;
}

function firsts(state: State): Outgoing[] {
  const found = new Map<number, Outgoing>();
  for (const entry of state.outbox) {
    const isUnderWay = entry.state === "queued" || entry.state === "sending";
    if (isUnderWay && !found.has(entry.conversation)) found.set(entry.conversation, entry);
  }
  return [...found.values()];
}
