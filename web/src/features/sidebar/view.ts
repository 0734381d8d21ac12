// How the list is shown on this device: kept by the browser, the same in all of its windows.
import { useSyncExternalStore } from "react";
import { readItem, writeItem } from "../../lib/storage.ts";

export type SectionId = "favourites" | "everyone" | "rooms" | "people";

export interface View {
  /** `unread`: what has something new stands above the rest of its section. */
  order: "name" | "unread";
  onlyUnread: boolean;
  collapsed: readonly SectionId[];
}

export const USUAL_VIEW: View = { order: "name", onlyUnread: false, collapsed: [] };

const KEY = "parlor.list";
const CHANGED = "parlor-list";
const SECTIONS: readonly SectionId[] = ["favourites", "everyone", "rooms", "people"];

// What is read again must be the same object while nothing changed.
let known: { text: string | null; view: View } = { text: null, view: USUAL_VIEW };
// Where the browser keeps nothing, the choice holds as long as the page.
let unkept: string | null = null;
// The conversation that one opened because something was new in it.
let lingering: number | null = null;

export function view(): View {
  const text = unkept ?? readItem(KEY);
  if (text !== known.text) known = { text, view: read(text) };
  return known.view;
}

export function setView(change: Partial<View>): void {
  const text = JSON.stringify({ ...view(), ...change });
  unkept = writeItem(KEY, text) ? null : text;
  window.dispatchEvent(new Event(CHANGED));
}

export function useView(): View {
  return useSyncExternalStore(subscribe, view);
}

/** It keeps its place while it is open, although it is read meanwhile: nothing moves away under the eyes. */
export function lingerAt(conversation: number | null): void {
  lingering = conversation;
}

export function lingeringAt(): number | null {
  return lingering;
}

function subscribe(changed: () => void): () => void {
  window.addEventListener(CHANGED, changed);
  window.addEventListener("storage", changed);
  return () => {
    window.removeEventListener(CHANGED, changed);
    window.removeEventListener("storage", changed);
  };
}

function read(text: string | null): View {
  if (text === null) return USUAL_VIEW;
  try {
    const { order, onlyUnread, collapsed } = JSON.parse(text) ?? {};
    return {
      order: order === "unread" ? "unread" : "name",
      onlyUnread: onlyUnread === true,
      collapsed: SECTIONS.filter((id) => Array.isArray(collapsed) && collapsed.includes(id)),
    };
  } catch {
    return USUAL_VIEW;
  }
}
