// What the copy lacks, read from the copy itself: whatever put it into this state, these requests mend it.
import type { Rev } from "../api/types.ts";
import { type Conversation, decides, isBehind, type State } from "./state.ts";

export type Want =
  | { kind: "page" | "summary" | "members" | "pending"; conversation: number }
  | { kind: "changes"; conversation: number; since: Rev }
  /** The rest of the list of conversations, after this one. */
  | { kind: "list"; conversation: number };

export function wants(state: State): Want[] {
  const found: Want[] = [];
  const isLive = state.connection.phase === "live";
  if (isLive && state.listedTo !== null) found.push({ kind: "list", conversation: state.listedTo });
  if (isLive) for (const conversation of state.unknown) found.push({ kind: "summary", conversation });
  for (const conversation of Object.values(state.conversations)) {
    const id = conversation.summary.id;
    if (state.open === id) found.push(...wantsOfOpen(conversation));
    // Without a connection the next welcome will tell what is missing.
    if (isLive) found.push(...wantsOfAny(conversation));
  }
  return found;
}

function wantsOfOpen(it: Conversation): Want[] {
  const found: Want[] = [];
  const conversation = it.summary.id;
  if (!it.window && !it.trouble) found.push({ kind: "page", conversation });
  if (!it.membersLoaded) found.push({ kind: "members", conversation });
  if (decides(it) && it.pending === null && it.summary.pending_count > 0) {
    found.push({ kind: "pending", conversation });
  }
  return found;
}

function wantsOfAny(it: Conversation): Want[] {
  const conversation = it.summary.id;
  if (it.window && it.reload && !it.trouble) return [{ kind: "page", conversation }];
  if (it.window && isBehind(it) && !it.resuming) return [{ kind: "changes", conversation, since: it.cursor }];
  if (it.summaryStale || (!it.window && isBehind(it))) return [{ kind: "summary", conversation }];
  return [];
}

export function keyOf(want: Want): string {
  return want.kind === "list" ? "list" : `${want.kind}:${want.conversation}`;
}
