// What follows when the log has moved: what is in view is read, and the next page is fetched before one gets there.
import { type RefObject, useEffect, useRef } from "react";
import type { Conversation } from "../../sync/state.ts";
import type { Sync } from "../../sync/sync.ts";

/** Closer to an end than this, the next page is fetched, even for somebody who has only just come. */
const FETCH_PX = 800;
/** Who moves through the past gets the next page when so many views are left: even a fast wheel meets no end. */
const FETCH_VIEWS = 6;
/** And never nearer to both ends at once: what one page brings at one end, it takes away at the other. */
const FETCH_SHARE_MAX = 0.25;
/** A page that could not be fetched is asked for again so often, although nothing moves. */
const LOOK_AGAIN_MS = 1_000;

/** Fills in what `moved` does, which others call. */
export function useLogMovement(
  moved: RefObject<() => void>,
  box: RefObject<HTMLDivElement | null>,
  look: () => void,
  { sync, conversation }: { sync: Sync; conversation: Conversation },
): void {
  const { window, summary } = conversation;
  const latest = useRef({ window, id: summary.id });
  latest.current = { window, id: summary.id };
  moved.current = () => {
    const { current: outer } = box;
    if (!outer) return;
    look();
    const { window: held, id } = latest.current;
    const rest = outer.scrollHeight - outer.scrollTop - outer.clientHeight;
    const isAtEnd = rest < FETCH_PX && !held?.hasNewer;
    const far = Math.min(outer.clientHeight * FETCH_VIEWS, outer.scrollHeight * FETCH_SHARE_MAX);
    const ahead = isAtEnd ? FETCH_PX : Math.max(FETCH_PX, far);
    if (held?.hasOlder && outer.scrollTop < ahead) sync.loadOlder(id);
    if (held?.hasNewer && rest < ahead) sync.loadNewer(id);
  };
  useEffect(() => {
    const timer = setInterval(() => moved.current(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [moved]);
}
