// How the list is shown on this device: kept by the browser, the same in all of its windows.
import { useSyncExternalStore } from "react";
import { keptChoices } from "../../lib/kept-choices.ts";

/** In the order in which they stand in the list. */
export const SECTIONS = ["favourites", "everyone", "rooms", "people"] as const;

export type SectionId = (typeof SECTIONS)[number];

export interface View {
  /** `unread`: what has something new stands above the rest of its section. */
  order: "name" | "unread";
  onlyUnread: boolean;
  collapsed: readonly SectionId[];
}

const kept = keptChoices<View>("parlor.list", ({ order, onlyUnread, collapsed }) => ({
  order: order === "unread" ? "unread" : "name",
  onlyUnread: onlyUnread === true,
  collapsed: SECTIONS.filter((id) => Array.isArray(collapsed) && collapsed.includes(id)),
}));

// The conversation that one opened because something was new in it.
let lingering: number | null = null;

export const view = kept.get;

export const setView = kept.change;

export function useView(): View {
  return useSyncExternalStore(kept.subscribe, view);
}

/** It keeps its place while it is open, although it is read meanwhile: nothing moves away under the eyes. */
export function lingerAt(conversation: number | null): void {
  lingering = conversation;
}

export function lingeringAt(): number | null {
  return lingering;
}
