// What the reader looks at decides whose messages are kept.
import * as rules from "./conversation.ts";
import { LOADED_MAX } from "./limits.ts";
import type { State } from "./state.ts";
import { update } from "./update.ts";
import { shrink } from "./window.ts";

export function open(state: State, conversation: number | null): State {
  const left = state.open;
  let next: State = { ...state, open: conversation };
  if (left !== null && left !== conversation) {
    next = update(next, left, (it) => rules.withWindow(it, it.window && shrink(it.window)));
  }
  if (conversation === null) return next;
  next = update(next, conversation, (it) => (it.trouble ? { ...it, trouble: null } : it));
  return remember(next, conversation);
}

/** Moves it to the front of those with a window; the last beyond the limit give theirs up. */
export function remember(state: State, conversation: number): State {
  if (state.recent[0] === conversation) return state;
  const recent = [conversation, ...state.recent.filter((id) => id !== conversation)];
  const dropped = recent.splice(LOADED_MAX).filter((id) => id !== state.open);
  const next: State = { ...state, recent };
  return dropped.reduce((known, id) => update(known, id, (it) => rules.withWindow(it, null)), next);
}
