// What this browser keeps for an account over a reload: the outbox, the drafts, and what was deleted and the server was
// not told yet. One entry each, so that two windows do not overwrite each other's; under the account's id, so that nobody
// else sends it.
import { keysWith, readItem, writeItem } from "../lib/storage.ts";
import type { DeletionStorage } from "../sync/deleting.ts";
import { DELETIONS_LEN_MAX, OUTBOX_LEN_MAX } from "../sync/limits.ts";
import type { OutboxStorage } from "../sync/sending.ts";
import type { Deletion, Outgoing } from "../sync/state.ts";

/** Longer drafts are not kept: the server would not take them either. */
const DRAFT_CHARS_MAX = 20_000;

export interface Draft {
  text: string;
  replyTo: number | null;
}

const prefix = (account: number) => `parlor.${account}.`;
const outboxKey = (account: number) => `${prefix(account)}outbox.`;
const draftKey = (account: number, conversation: number) => `${prefix(account)}draft.${conversation}`;

export function outboxStorage(account: number): OutboxStorage {
  const key = outboxKey(account);
  return {
    load() {
      // The ids rise with time: their order is the order of typing.
      const keys = keysWith(key).sort().slice(0, OUTBOX_LEN_MAX);
      return keys.map((name) => entryOf(readItem(name))).filter((entry) => entry !== null);
    },
    save: (entry) => void writeItem(key + entry.cid, JSON.stringify(entry)),
    remove: (cid) => void writeItem(key + cid, null),
  };
}

/** The id of a message that another window has sent or thrown away, if that is what this is about. */
export function removedElsewhere(account: number, event: StorageEvent): string | null {
  const key = outboxKey(account);
  return event.key?.startsWith(key) && event.newValue === null ? event.key.slice(key.length) : null;
}

const deletionKey = (account: number) => `${prefix(account)}deletion.`;

export function deletionStorage(account: number): DeletionStorage {
  const key = deletionKey(account);
  return {
    load() {
      const keys = keysWith(key).slice(0, DELETIONS_LEN_MAX);
      return keys.map((name) => deletionOf(readItem(name))).filter((entry) => entry !== null);
    },
    save: (entry) => void writeItem(key + entry.message, JSON.stringify(entry)),
    remove: (message) => void writeItem(key + message, null),
  };
}

/** The message whose deletion another window has taken back or brought to its end, if that is what this is about. */
export function deletionEndedElsewhere(account: number, event: StorageEvent): number | null {
  const key = deletionKey(account);
  return event.key?.startsWith(key) && event.newValue === null ? Number(event.key.slice(key.length)) : null;
}

export function readDraft(account: number, conversation: number): Draft {
  const text = readItem(draftKey(account, conversation));
  const empty = { text: "", replyTo: null };
  if (!text) return empty;
  try {
    const draft = JSON.parse(text);
    return typeof draft?.text === "string" ? { text: draft.text, replyTo: draft.replyTo ?? null } : empty;
  } catch {
    return empty;
  }
}

export function writeDraft(account: number, conversation: number, draft: Draft): void {
  const isEmpty = draft.text.trim() === "" && draft.replyTo === null;
  const tooLong = draft.text.length > DRAFT_CHARS_MAX;
  writeItem(draftKey(account, conversation), isEmpty || tooLong ? null : JSON.stringify(draft));
  window.dispatchEvent(new Event(DRAFTS_CHANGED));
}

/** Whether another window changed the draft of this conversation. */
export function isDraftOf(account: number, conversation: number, { key }: StorageEvent): boolean {
  return key === draftKey(account, conversation);
}

/** The conversations in which something is half written. */
export function draftsOf(account: number): Set<number> {
  const start = `${prefix(account)}draft.`;
  return new Set(keysWith(start).map((key) => Number(key.slice(start.length))));
}

export const DRAFTS_CHANGED = "parlor-drafts";

/** Whoever signs out leaves nothing behind. */
export function clearKept(account: number): void {
  for (const key of keysWith(prefix(account))) writeItem(key, null);
}

/** An entry as it was written, ready to be sent again. What cannot be read is left out. */
function entryOf(text: string | null): Outgoing | null {
  if (!text) return null;
  try {
    const entry = JSON.parse(text) as Outgoing;
    if (typeof entry.cid !== "string" || typeof entry.body !== "string") return null;
    const state = entry.state === "failed" ? "failed" : "queued";
    return { ...entry, state, attempts: 0, notBefore: 0 };
  } catch {
    return null;
  }
}

function deletionOf(text: string | null): Deletion | null {
  if (!text) return null;
  try {
    const entry = JSON.parse(text) as Deletion;
    const isWhole = [entry.message, entry.conversation, entry.seq, entry.at].every(Number.isSafeInteger);
    return isWhole && typeof entry.epoch === "string" ? entry : null;
  } catch {
    return null;
  }
}
