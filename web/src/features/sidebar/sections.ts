// How conversations are ordered: by name, because a list that reorders itself moves away under the pointer.
import type { Conversation } from "../../sync/state.ts";

/** Comparing without it would look up the language's rules each time. */
const NAMES = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

export interface Sections {
  general: Conversation[];
  rooms: Conversation[];
  people: Conversation[];
}

export function sectionsOf(conversations: readonly Conversation[]): Sections {
  const sorted = [...conversations].sort(compare);
  const ofKind = (kind: string) => sorted.filter(({ summary }) => summary.kind === kind);
  return { general: ofKind("general"), rooms: ofKind("room"), people: ofKind("direct") };
}

export function inOrder(conversations: readonly Conversation[]): Conversation[] {
  const { general, rooms, people } = sectionsOf(conversations);
  return [...general, ...rooms, ...people];
}

/** What is archived comes last. */
function compare(a: Conversation, b: Conversation): number {
  const archived = Number(a.summary.archived_at !== null) - Number(b.summary.archived_at !== null);
  return archived || NAMES.compare(nameOf(a), nameOf(b)) || a.summary.id - b.summary.id;
}

function nameOf({ summary }: Conversation): string {
  return summary.with?.display_name ?? summary.name ?? "";
}
