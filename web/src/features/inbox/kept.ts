// What the inbox was showing when one left it: who goes to a message and comes back finds it as it was. The place belongs
// to the step of the browser's history, what was loaded to this window.
import type { InboxItem } from "../../api/types.ts";

export type Tab = "all" | "mentions" | "reactions" | "requests";

export interface Pages {
  items: readonly InboxItem[];
  /** `undefined`: nothing was loaded yet; `null`: these are all. */
  next: string | null | undefined;
}

export const NOTHING: Pages = { items: [], next: undefined };

interface Place {
  tab: Tab;
  scroll: number;
  /** What one left by. */
  key: string | null;
}

const FIELD = "parlor.inbox";

let kept: { account: number; pages: Pages } | null = null;

export function keptPages(account: number): Pages {
  return kept?.account === account ? kept.pages : NOTHING;
}

export function keepPages(account: number, pages: Pages): void {
  kept = { account, pages };
}

/** Where one was when one left by this step of the history; `null`: one has come by another way. */
export function keptPlace(): Place | null {
  const state: unknown = history.state;
  if (typeof state !== "object" || state === null || !(FIELD in state)) return null;
  return (state as { [FIELD]: Place })[FIELD];
}

export function keepPlace(place: Place): void {
  const state: unknown = history.state;
  history.replaceState({ ...(typeof state === "object" ? state : null), [FIELD]: place }, "");
}

/** One name for each thing, by which its place is found again. */
export function keyOf(item: InboxItem): string {
  return item.kind === "reaction"
    ? `r-${item.message.id}-${item.account.id}-${item.emoji}`
    : `m-${item.message.id}`;
}
