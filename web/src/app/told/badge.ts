// What waits, on the tab's picture and on the app's: a dot, brass if something wants me.
import { useEffect } from "react";
import { decides, type State } from "../../sync/state.ts";
import { MARK_PATHS } from "../../ui/mark.tsx";
import { useCopy } from "../copy.ts";
import { sumOver } from "../wants-me.ts";
import { callsIn, isMuted, useMuteEnds } from "./muted.ts";

type Dot = "none" | "unread" | "wants";

const MARK_COLOUR = "#17868a";
const DOT_COLOUR = { unread: "#17868a", wants: "#c4861c" };

export function useBadge(): void {
  useMuteEnds();
  const unread = useCopy((state) => countUnread(state, Date.now()));
  const wants = useCopy((state) => countWanting(state, Date.now()));
  const dot = wants > 0 ? "wants" : unread > 0 ? "unread" : "none";
  useEffect(() => setIcon(dot), [dot]);
  useEffect(() => setAppBadge(wants, unread), [wants, unread]);
  useEffect(
    () => () => {
      setIcon("none");
      setAppBadge(0, 0);
    },
    [],
  );
}

/** Everything new, but in muted conversations only what names me. */
export function countUnread(state: State, now: number): number {
  return sumOver(state.conversations, ({ summary }) => callsIn(summary, now));
}

/** Private messages, messages that name me, and people at a door that I keep. Of muted conversations: what names me. */
export function countWanting(state: State, now: number): number {
  return sumOver(state.conversations, (it) => {
    const { kind, unread, unread_mentions, pending_count, preferences } = it.summary;
    if (isMuted(preferences, now)) return unread_mentions;
    return (kind === "direct" ? unread : unread_mentions) + (decides(it) ? pending_count : 0);
  });
}

function setIcon(dot: Dot): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (!link) return;
  link.href = dot === "none" ? "/mark.svg" : `data:image/svg+xml,${encodeURIComponent(iconWith(dot))}`;
}

function iconWith(dot: "unread" | "wants"): string {
  const paths = MARK_PATHS.map((path) => `<path d="${path}"/>`).join("");
  const line = 'fill="none" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"';
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 26 26"><g ${line} stroke="${MARK_COLOUR}">${paths}</g>` +
    `<circle cx="20" cy="6" r="6" fill="${DOT_COLOUR[dot]}"/></svg>`
  );
}

/** A number only for what wants me; a dot for the rest. */
function setAppBadge(wants: number, unread: number): void {
  if (!("setAppBadge" in navigator)) return;
  const set =
    wants > 0
      ? navigator.setAppBadge(wants)
      : unread > 0
        ? navigator.setAppBadge()
        : navigator.clearAppBadge();
  // Refused where the page is not installed: then there is nothing to put it on.
  set.catch(() => {});
}
