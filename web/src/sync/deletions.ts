// Messages that I deleted and that the server still has. Each can be taken back for a moment; then the server is told,
// as often as it takes. What the copy holds of them is not touched: they are only shown as if they were gone.
import type { Message } from "../api/types.ts";
import { DELETIONS_LEN_MAX } from "./limits.ts";
import type { Conversation, Deletion, State } from "./state.ts";
import { indexOf } from "./window.ts";

export function add(state: State, entry: Deletion): State {
  const isKnown = state.deletions.some(({ message }) => message === entry.message);
  if (isKnown || state.deletions.length >= DELETIONS_LEN_MAX) return state;
  return { ...state, deletions: [...state.deletions, entry] };
}

/** Replaces the entry of this message. */
export function change(state: State, message: number, to: (entry: Deletion) => Deletion): State {
  return replaced(state, (entry) => (entry.message === message ? to(entry) : entry));
}

/** Without the entry of this message, whatever became of it. */
export function drop(state: State, message: number): State {
  return kept(state, (entry) => entry.message !== message);
}

/** The message is back, if the server was not told yet. */
export function takeBack(state: State, message: number): State {
  return kept(state, (entry) => entry.message !== message || !isMine(entry));
}

/** These can no longer be taken back. */
export function decide(state: State, isMeant: (entry: Deletion) => boolean): State {
  return replaced(state, (entry) =>
    entry.state === "waiting" && isMeant(entry) ? { ...entry, state: "due" } : entry,
  );
}

/** Of another history, or of a conversation that is no longer ours, there is nothing to delete. */
export function keep(state: State, isOurs: (entry: Deletion) => boolean): State {
  return kept(state, isOurs);
}

/** What somebody else has deleted meanwhile cannot be taken back, and need not be deleted. */
export function settle(state: State): State {
  return kept(state, (entry) => {
    const messages = state.conversations[entry.conversation]?.window?.messages ?? [];
    const known = messages[indexOf(messages, entry.seq)];
    return entry.state === "sending" || known?.id !== entry.message || known.deleted_at === null;
  });
}

/** What the server may be told now. */
export function due(state: State, now: number): Deletion[] {
  return state.deletions.filter((entry) => entry.state === "due" && entry.notBefore <= now);
}

/** When to look again, if something waits for a moment. */
export function nextMoment(state: State, now: number): number | null {
  const waiting = state.deletions.filter((entry) => entry.state === "due" && entry.notBefore > now);
  return waiting.length > 0 ? Math.min(...waiting.map((entry) => entry.notBefore)) : null;
}

/** The conversation as the reader means it to be: what they deleted is gone. */
export function asMeant(conversation: Conversation, deletions: readonly Deletion[]): Conversation {
  const { window, summary } = conversation;
  const here = deletions.filter((entry) => entry.conversation === summary.id && entry.state !== "failed");
  if (!window || here.length === 0) return conversation;
  const messages = [...window.messages];
  for (const { message, seq } of here) {
    const index = indexOf(messages, seq);
    const known = messages[index];
    if (known?.id === message && known.deleted_at === null) messages[index] = tombstone(known);
  }
  return { ...conversation, window: { ...window, messages } };
}

/** The same object for the same message: or its row would be drawn again with everything that happens. */
const tombstones = new WeakMap<Message, Message>();

function tombstone(message: Message): Message {
  const known = tombstones.get(message);
  if (known) return known;
  const gone = { ...message, body: null, deleted_at: message.created_at, reactions: [], mentions: [] };
  tombstones.set(message, gone);
  return gone;
}

function isMine(entry: Deletion): boolean {
  return entry.state === "waiting" || entry.state === "failed";
}

function replaced(state: State, to: (entry: Deletion) => Deletion): State {
  const deletions = state.deletions.map(to);
  const isSame = deletions.every((entry, index) => entry === state.deletions[index]);
  return isSame ? state : { ...state, deletions };
}

function kept(state: State, isKept: (entry: Deletion) => boolean): State {
  const deletions = state.deletions.filter(isKept);
  return deletions.length === state.deletions.length ? state : { ...state, deletions };
}
