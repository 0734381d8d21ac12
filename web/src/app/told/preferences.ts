// How one wants to be told, on this device: kept by the browser, the same in all of its windows.
import { useSyncExternalStore } from "react";
import { readItem, writeItem } from "../../lib/storage.ts";
import type { Level } from "./rules.ts";

export interface Preferences {
  level: Level;
  hidesText: boolean;
  sound: boolean;
  /** Until then nobody is disturbed; `null`: no. */
  quietUntil: number | null;
  /** Notifications were offered, whatever the answer was. */
  wasOffered: boolean;
}

/** Until one ends it: the last moment that a date can name. */
export const FOREVER = 8_640_000_000_000_000;

const KEY = "parlor.told";
const CHANGED = "parlor-told";
const USUAL: Preferences = {
  level: "personal",
  hidesText: false,
  sound: false,
  quietUntil: null,
  wasOffered: false,
};

// What is read again must be the same object while nothing changed.
let known: { text: string | null; preferences: Preferences } = { text: null, preferences: USUAL };
// Where the browser keeps nothing, the choice holds as long as the page.
let unkept: string | null = null;

export function preferences(): Preferences {
  const text = unkept ?? readItem(KEY);
  if (text !== known.text) known = { text, preferences: read(text) };
  return known.preferences;
}

export function prefer(change: Partial<Preferences>): void {
  const text = JSON.stringify({ ...preferences(), ...change });
  unkept = writeItem(KEY, text) ? null : text;
  window.dispatchEvent(new Event(CHANGED));
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences);
}

export function subscribe(changed: () => void): () => void {
  window.addEventListener(CHANGED, changed);
  window.addEventListener("storage", changed);
  return () => {
    window.removeEventListener(CHANGED, changed);
    window.removeEventListener("storage", changed);
  };
}

export function isQuiet({ quietUntil }: Pick<Preferences, "quietUntil">, now: number): boolean {
  return quietUntil !== null && quietUntil > now;
}

/** Tomorrow at eight, when the day begins for most. */
export function tomorrow(now: number): number {
  const day = new Date(now);
  day.setDate(day.getDate() + 1);
  return day.setHours(8, 0, 0, 0);
}

function read(text: string | null): Preferences {
  if (text === null) return USUAL;
  try {
    const { level, hidesText, sound, quietUntil, wasOffered } = JSON.parse(text) ?? {};
    return {
      level: level === "all" || level === "nothing" ? level : "personal",
      hidesText: hidesText === true,
      sound: sound === true,
      quietUntil: typeof quietUntil === "number" ? quietUntil : null,
      wasOffered: wasOffered === true,
    };
  } catch {
    return USUAL;
  }
}
