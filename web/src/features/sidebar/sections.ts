// What stands in the list, and in which order: what one sees, and what Alt and the arrows go through.
import { callsIn } from "../../app/told/muted.ts";
import type { Conversation } from "../../sync/state.ts";
import { SECTIONS, type SectionId, type View } from "./view.ts";

export interface Section {
  id: SectionId;
  /** What is shown of it. */
  rows: readonly Conversation[];
  /** How many there are, shown or not. */
  count: number;
}

export interface Look {
  view: View;
  /** The one on the screen: it is always shown. */
  open: number | null;
  /** Keeps its place as if something in it were still unread. */
  lingering: number | null;
  now: number;
}

/** Comparing without it would look up the language's rules each time. */
const NAMES = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

const OF_KIND = { general: "everyone", room: "rooms", direct: "people" } as const;

/**
 * All sections, also those in which nothing is. Of a collapsed one stays what has something new, so that nothing can be
 * missed; muted conversations are passed over by both, unless somebody names me there.
 */
export function sectionsOf(conversations: readonly Conversation[], look: Look): Section[] {
  const { view, open, lingering, now } = look;
  const calls = ({ summary }: Conversation) => summary.id === lingering || callsIn(summary, now) > 0;
  const rank = (it: Conversation) => Number(view.order === "unread" && !calls(it));
  const sorted = [...conversations].sort((a, b) => rank(a) - rank(b) || compare(a, b));
  return SECTIONS.map((id) => {
    const all = sorted.filter((it) => sectionOf(it) === id);
    const isWhole = !view.onlyUnread && !view.collapsed.includes(id);
    const rows = isWhole ? all : all.filter((it) => it.summary.id === open || calls(it));
    return { id, rows, count: all.length };
  });
}

export function inOrder(conversations: readonly Conversation[], look: Look): Conversation[] {
  return sectionsOf(conversations, look).flatMap(({ rows }) => rows);
}

function sectionOf({ summary }: Conversation): SectionId {
  return summary.preferences.favourite ? "favourites" : OF_KIND[summary.kind];
}

/** By name, because a list that reorders itself moves away under the pointer. What is archived comes last. */
function compare(a: Conversation, b: Conversation): number {
  const archived = Number(a.summary.archived_at !== null) - Number(b.summary.archived_at !== null);
  return archived || NAMES.compare(nameOf(a), nameOf(b)) || a.summary.id - b.summary.id;
}

function nameOf({ summary }: Conversation): string {
  return summary.with?.display_name ?? summary.name ?? "";
}
