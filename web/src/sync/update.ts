// Changing one conversation of the state, or each; what does not change stays the same object.
import type { Conversation, State } from "./state.ts";

/** Leaves the state as it is where the conversation is not known. */
export function update(
  state: State,
  id: number,
  change: (conversation: Conversation) => Conversation,
): State {
  const known = state.conversations[id];
  if (!known) return state;
  const next = change(known);
  return next === known ? state : { ...state, conversations: { ...state.conversations, [id]: next } };
}

export function each(state: State, change: (conversation: Conversation) => Conversation): State {
  return Object.keys(state.conversations).reduce((known, id) => update(known, Number(id), change), state);
}
