// What follows when the log has moved: what is in view is read, and the next page is fetched before one gets there.
import { type RefObject, useEffect, useRef } from "react";
import type { Conversation } from "../../sync/state.ts";
import type { Sync } from "../../sync/sync.ts";

/** Closer to an end than this, the next page is fetched. */
const FETCH_PX = 800;
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
    if (held?.hasOlder && outer.scrollTop < FETCH_PX) sync.loadOlder(id);
    const rest = outer.scrollHeight - outer.scrollTop - outer.clientHeight;
    if (held?.hasNewer && rest < FETCH_PX) sync.loadNewer(id);
  };
  useEffect(() => {
    const timer = setInterval(() => moved.current(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [moved]);
}
