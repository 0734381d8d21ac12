// What conversations are called, and what stands in the window's title.
import { useEffect } from "react";
import { t } from "../i18n/words.ts";
import type { Conversation } from "../sync/state.ts";
import { useCopy, useNames } from "./copy.ts";
import { countUnread } from "./told/badge.ts";
import { useMuteEnds } from "./told/muted.ts";

/** The name as one shows it: a room's own, or the other side's. */
export function useTitleOf(): (conversation: Conversation) => string {
  const nameOf = useNames();
  return ({ summary }) => (summary.with ? nameOf(summary.with) : (summary.name ?? t("app.conversation")));
}

/** "(3) Kitchen garden · Parlor" */
export function useWindowTitle(title: string | null): void {
  useMuteEnds();
  const unread = useCopy((state) => countUnread(state, Date.now()));
  useEffect(() => {
    const count = unread > 0 ? `(${unread > 999 ? "999+" : unread}) ` : "";
    document.title = `${count}${title ? `${title} · ` : ""}Parlor`;
  }, [title, unread]);
}
