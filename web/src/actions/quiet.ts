// Do not disturb, on this device: for a while, or until one ends it.
import { Bell, BellOff } from "lucide-react";
import { FOREVER, isQuiet, prefer, preferences, wake } from "../app/told/preferences.ts";
import type { Key } from "../i18n/words.ts";
import { tomorrowAt } from "../lib/time.ts";
import type { Action, HouseTarget } from "./action.ts";

const MINUTE_MS = 60_000;
/** The day begins then for most. */
const MORNING_HOUR = 8;

export const QUIET_ACTIONS: readonly Action<HouseTarget>[] = [
  quiet("quiet-half-hour", "actions.quiet-half-hour", (now) => now + 30 * MINUTE_MS),
  quiet("quiet-hour", "actions.quiet-hour", (now) => now + 60 * MINUTE_MS),
  quiet("quiet-tomorrow", "actions.quiet-tomorrow", (now) => tomorrowAt(now, MORNING_HOUR)),
  quiet("quiet", "actions.quiet", () => FOREVER),
];

export const endQuiet: Action<HouseTarget> = {
  id: "quiet-end",
  label: "actions.quiet-end",
  icon: Bell,
  when: () => isQuiet(preferences(), Date.now()),
  perform: wake,
};

function quiet(id: string, label: Key, until: (now: number) => number): Action<HouseTarget> {
  return {
    id,
    label,
    icon: BellOff,
    when: () => true,
    perform: () => prefer({ quietUntil: until(Date.now()) }),
  };
}
