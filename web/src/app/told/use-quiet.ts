// Whether nobody is to be disturbed here, and the moments at which that ends or begins by itself.
import { t } from "../../i18n/words.ts";
import { clockTime, dayKey } from "../../lib/time.ts";
import { useMoment } from "../use-moment.ts";
import { nextNight } from "./night.ts";
import { FOREVER, quietEnd, usePreferences } from "./preferences.ts";

/** "Do not disturb until 14:30"; `null`: not now. */
export function useQuiet(): string | null {
  const preferences = usePreferences();
  const now = Date.now();
  const end = quietEnd(preferences, now);
  const { night } = preferences;
  useMoment(Math.min(end ?? FOREVER, night ? nextNight(night, now) : FOREVER));
  if (end === null) return null;
  if (end === FOREVER) return t("told.quiet");
  const isToday = dayKey(end) === dayKey(now);
  return t(isToday ? "told.quiet-until" : "told.quiet-until-tomorrow", { time: clockTime(end) });
}
