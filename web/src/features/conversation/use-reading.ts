// Reading: what has been seen is read, if somebody looks; and where the line above the new messages stands.
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { Seq } from "../../api/types.ts";
import { type Conversation, newAfterOf } from "../../sync/state.ts";
import type { Sync } from "../../sync/sync.ts";
import { messageAbove } from "./list-rows.ts";

/** A message counts as seen when its lower edge is in view, give or take. */
const EDGE_PX = 8;

/** Marks as read what is in view of the box. To be called after every movement. `isPassing`: on the way elsewhere
 * nothing is read. */
export function useReading(
  sync: Sync,
  id: number,
  box: RefObject<HTMLDivElement | null>,
  isPassing: boolean,
): () => void {
  const look = useCallback(() => {
    const conversation = sync.state().conversations[id];
    if (isPassing || !isLookedAt() || !conversation || isUnreadAbove(conversation)) return;
    const seq = lastInView(box.current);
    if (seq) sync.read(id, seq);
  }, [sync, id, box, isPassing]);
  useEffect(() => {
    window.addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, [look]);
  return look;
}

/** Unread messages lie above what is held, and nobody has seen them: reading does not jump over them by itself. */
export function isUnreadAbove({ window, summary }: Conversation): boolean {
  const first = window?.messages[0]?.seq ?? 0;
  return summary.unread > 0 && window?.hasOlder === true && first > summary.read_seq + 1;
}

export interface NewLine {
  /** The message after which the line stands; it stays until one leaves. `null`: there is none. */
  newAfter: Seq | null;
  /** How often one has begun at it: once, and again when what a kept copy lacked has arrived. */
  begun: number;
}

export function useNewLine(conversation: Conversation, isAtBottom: boolean, hasArrived: boolean): NewLine {
  const { read_seq, unread } = conversation.summary;
  const hasUnread = unread > 0;
  const [line, setLine] = useState<NewLine>(() => ({ newAfter: newAfterOf(conversation.summary), begun: 1 }));
  const [isWaiting, setIsWaiting] = useState(!hasArrived);
  const hadUnread = useRef(hasUnread);
  const isWatching = useRef(isAtBottom);
  isWatching.current = isAtBottom;
  if (isWaiting && hasArrived) {
    setIsWaiting(false);
    // Whoever has scrolled away from the end reads, and is left in peace.
    if (hasUnread && isAtBottom) setLine({ newAfter: read_seq, begun: 2 });
  }
  useEffect(() => {
    const isNew = hasUnread && !hadUnread.current;
    hadUnread.current = hasUnread;
    // Something came while nobody looked at the place where it stands.
    if (isNew && !(isLookedAt() && isWatching.current)) setLine((it) => ({ ...it, newAfter: read_seq }));
  }, [hasUnread, read_seq]);
  return line;
}

export function isLookedAt(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

function lastInView(box: HTMLElement | null): Seq {
  if (!box) return 0;
  const row = messageAbove(
    box.querySelector<HTMLElement>(".log-list"),
    box.scrollTop + box.clientHeight + EDGE_PX,
  );
  return Number(row?.dataset.seq ?? 0);
}
