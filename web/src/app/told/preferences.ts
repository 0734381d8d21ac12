// How one wants to be told, on this device: kept by the browser, the same in all of its windows.
import { useSyncExternalStore } from "react";
import { keptChoices } from "../../lib/kept-choices.ts";
import { type Night, nightEnd, readNight } from "./night.ts";
import type { Level } from "./rules.ts";

export interface Preferences {
  level: Level;
  hidesText: boolean;
  sound: boolean;
  /** Until then nobody is disturbed; `null`: no. */
  quietUntil: number | null;
  /** The hours of every day in which nobody is disturbed. */
  night: Night | null;
  /** So long a night that one ended does not hold. */
  awakeUntil: number | null;
  /** Notifications were offered, whatever the answer was. */
  wasOffered: boolean;
}

/** Until one ends it: the last moment that a date can name. */
export const FOREVER = 8_640_000_000_000_000;

const kept = keptChoices<Preferences>(
  "parlor.told",
  ({ level, hidesText, sound, quietUntil, night, awakeUntil, wasOffered }) => ({
    level: level === "all" || level === "nothing" ? level : "personal",
    hidesText: hidesText === true,
    sound: sound === true,
    quietUntil: typeof quietUntil === "number" ? quietUntil : null,
    night: readNight(night),
    awakeUntil: typeof awakeUntil === "number" ? awakeUntil : null,
    wasOffered: wasOffered === true,
  }),
);

export const preferences = kept.get;

export const prefer = kept.change;

export function usePreferences(): Preferences {
  return useSyncExternalStore(kept.subscribe, preferences);
}

type Quiet = Pick<Preferences, "quietUntil" | "night" | "awakeUntil">;

export function isQuiet(quiet: Quiet, now: number): boolean {
  return quietEnd(quiet, now) !== null;
}

/** When it ends that nobody is disturbed; `null`: it is not so now. */
export function quietEnd({ quietUntil, night, awakeUntil }: Quiet, now: number): number | null {
  const dawn = (awakeUntil ?? 0) > now ? null : nightEnd(night, now);
  const end = Math.max(quietUntil ?? 0, dawn ?? 0);
  return end > now ? end : null;
}

/** Ends it: what one asked for, and this night. */
export function wake(): void {
  prefer({ quietUntil: null, awakeUntil: nightEnd(preferences().night, Date.now()) });
}
