// How one wants to be told, on this device: kept by the browser, the same in all of its windows.
import { useSyncExternalStore } from "react";
import { keptChoices } from "../../lib/kept-choices.ts";
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

const kept = keptChoices<Preferences>(
  "parlor.told",
  ({ level, hidesText, sound, quietUntil, wasOffered }) => ({
    level: level === "all" || level === "nothing" ? level : "personal",
    hidesText: hidesText === true,
    sound: sound === true,
    quietUntil: typeof quietUntil === "number" ? quietUntil : null,
    wasOffered: wasOffered === true,
  }),
);

export const preferences = kept.get;

export const prefer = kept.change;

export function usePreferences(): Preferences {
  return useSyncExternalStore(kept.subscribe, preferences);
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
