// Being muted: nothing is told of such a conversation, and what is plainly new there counts nowhere, until its moment comes.
import type { ConversationPreferences, ConversationSummary } from "../../api/types.ts";
import { t } from "../../i18n/words.ts";
import { clockTime, dayKey, shortDate } from "../../lib/time.ts";
import type { State } from "../../sync/state.ts";
import { useCopy } from "../copy.ts";
import { useMoment } from "../use-moment.ts";

/** Until one ends it: the server takes moments up to a hundred years ahead, whose clock may be behind ours. */
export const MUTED_FOREVER_MS = 50 * 365 * 24 * 3_600_000;

export function isMuted({ muted_until }: ConversationPreferences, now: number): boolean {
  return muted_until !== null && Date.parse(muted_until) > now;
}

/** Something new that is to be seen, or that I marked so: in a muted conversation only what names me. */
export function callsIn(summary: ConversationSummary, now: number): number {
  if (isMuted(summary.preferences, now)) return summary.unread_mentions;
  return Math.max(summary.unread, summary.preferences.unread_from ? 1 : 0);
}

/** "Muted until 14:30"; `null`: it is not muted. */
export function mutedWords({ muted_until }: ConversationPreferences, now: number): string | null {
  const until = muted_until === null ? 0 : Date.parse(muted_until);
  if (until <= now) return null;
  if (until > now + MUTED_FOREVER_MS / 2) return t("told.muted");
  const isToday = dayKey(until) === dayKey(now);
  return isToday
    ? t("told.muted-until", { time: clockTime(until) })
    : t("told.muted-until-day", { day: shortDate(until), time: clockTime(until) });
}

/** Draws what asks for it again when the next conversation is no longer muted: a number that is another one then. */
export function useMuteEnds(): number {
  return useMoment(useCopy(nextEnd));
}

function nextEnd({ conversations }: State): number | null {
  const now = Date.now();
  const ends = Object.values(conversations)
    .map(({ summary }) => Date.parse(summary.preferences.muted_until ?? ""))
    .filter((end) => end > now);
  return ends.length > 0 ? Math.min(...ends) : null;
}
