// How much wants me, reckoned from the copy: what names me and I have not read, and who asks to join a room of mine.
import { decides, type State } from "../sync/state.ts";
import { useCopy } from "./copy.ts";

export function wantsMe({ conversations }: State): number {
  return mentionsOf({ conversations }) + requestsOf({ conversations });
}

export function mentionsOf({ conversations }: Pick<State, "conversations">): number {
  return Object.values(conversations).reduce((sum, { summary }) => sum + summary.unread_mentions, 0);
}

export function requestsOf({ conversations }: Pick<State, "conversations">): number {
  return Object.values(conversations)
    .filter(decides)
    .reduce((sum, { summary }) => sum + summary.pending_count, 0);
}

export function useWantsMe(): number {
  return useCopy(wantsMe);
}
