// Do not disturb, on this device: for a while, or until one ends it.
import { Bell, BellOff } from "lucide-react";
import { FOREVER, isQuiet, prefer, preferences, tomorrow } from "../app/told/preferences.ts";
import type { Action, HouseTarget } from "./action.ts";

const MINUTE_MS = 60_000;

export const QUIET_ACTIONS: readonly Action<HouseTarget>[] = [
  quiet("quiet-half-hour", "Do not disturb for 30 minutes", (now) => now + 30 * MINUTE_MS),
  quiet("quiet-hour", "Do not disturb for 1 hour", (now) => now + 60 * MINUTE_MS),
  quiet("quiet-tomorrow", "Do not disturb until tomorrow", tomorrow),
  quiet("quiet", "Do not disturb until I end it", () => FOREVER),
];

export const endQuiet: Action<HouseTarget> = {
  id: "quiet-end",
  label: "End do not disturb",
  icon: Bell,
  when: () => isQuiet(preferences(), Date.now()),
  perform: () => prefer({ quietUntil: null }),
};

function quiet(id: string, label: string, until: (now: number) => number): Action<HouseTarget> {
  return {
    id,
    label,
    icon: BellOff,
    when: () => true,
    perform: () => prefer({ quietUntil: until(Date.now()) }),
  };
}
