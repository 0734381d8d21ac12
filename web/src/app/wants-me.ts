// How much wants me, reckoned from the copy: what names me and I have not read, and who asks to join a room of mine.
import { type Conversation, decides, type State } from "../sync/state.ts";
import { useCopy } from "./copy.ts";

export function wantsMe({ conversations }: State): number {
  return mentionsOf({ conversations }) + requestsOf({ conversations });
}

export function mentionsOf({ conversations }: Pick<State, "conversations">): number {
  return sumOver(conversations, ({ summary }) => summary.unread_mentions);
}

export function requestsOf({ conversations }: Pick<State, "conversations">): number {
  return sumOver(conversations, (it) => (decides(it) ? it.summary.pending_count : 0));
}

/** Of each conversation so much, all together. */
export function sumOver(conversations: State["conversations"], of: (it: Conversation) => number): number {
  return Object.values(conversations).reduce((sum, it) => sum + of(it), 0);
}

export function useWantsMe(): number {
  return useCopy(wantsMe);
}
