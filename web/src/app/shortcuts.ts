// Keys that work everywhere: the finder, and the way through the list of conversations.
import { useEffect } from "react";
import { useLocation } from "wouter";
import { inOrder } from "../features/sidebar/sections.ts";
import type { OpenDialog } from "./dialogs.ts";
import { useSync } from "./session.tsx";

export function useShortcuts(openDialog: (dialog: OpenDialog) => void): void {
  const sync = useSync();
  const [, go] = useLocation();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
      if ((ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === "k") {
        event.preventDefault();
        openDialog("finder");
        return;
      }
      const step = { ArrowUp: -1, ArrowDown: 1 }[key];
      if (!step || !altKey || ctrlKey || metaKey) return;
      event.preventDefault();
      const next = neighbour(sync.state(), step, shiftKey);
      if (next !== null) go(`/c/${next}`);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [sync, go, openDialog]);
}

/** The conversation above or below in the list, or the next one with something unread; around the end. */
function neighbour(
  state: ReturnType<ReturnType<typeof useSync>["state"]>,
  step: number,
  onlyUnread: boolean,
) {
  const ordered = inOrder(Object.values(state.conversations)).filter(({ summary }) => {
    return !onlyUnread || summary.unread > 0 || summary.id === state.open;
  });
  if (ordered.length === 0) return null;
  const at = ordered.findIndex(({ summary }) => summary.id === state.open);
  const next = at < 0 ? 0 : (at + step + ordered.length) % ordered.length;
  return ordered[next]?.summary.id ?? null;
}
