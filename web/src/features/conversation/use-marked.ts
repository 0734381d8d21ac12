// What I marked unread is read again when I come back and look at its end. While I stay, it stays marked.
import { useEffect, useRef } from "react";
import { unmark } from "../../actions/mark-read.ts";
import type { Conversation } from "../../sync/state.ts";
import type { Sync } from "../../sync/sync.ts";
import { isLookedAt } from "./use-reading.ts";

export function useMarked(sync: Sync, { summary }: Conversation, isAtBottom: boolean): void {
  const { unread_from } = summary.preferences;
  const found = useRef(unread_from);
  useEffect(() => {
    const look = () => {
      if (!unread_from || unread_from !== found.current || !isAtBottom || !isLookedAt()) return;
      found.current = null;
      // If the server cannot be asked now, it stays marked until the next time.
      void unmark(summary, sync).catch(() => {});
    };
    look();
    window.addEventListener("focus", look);
    return () => window.removeEventListener("focus", look);
  }, [sync, summary, unread_from, isAtBottom]);
}
