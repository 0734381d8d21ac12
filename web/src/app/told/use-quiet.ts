// Whether nobody is to be disturbed here, and the moments at which that ends or begins by itself.
import { useEffect, useState } from "react";
import { t } from "../../i18n/words.ts";
import { clockTime, dayKey } from "../../lib/time.ts";
import { nextNight } from "./night.ts";
import { FOREVER, quietEnd, usePreferences } from "./preferences.ts";

/** The longest wait that a browser's timer knows. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** "Do not disturb until 14:30"; `null`: not now. */
export function useQuiet(): string | null {
  const preferences = usePreferences();
  const [round, setRound] = useState(0);
  const now = Date.now();
  const end = quietEnd(preferences, now);
  const { night } = preferences;
  // biome-ignore lint/correctness/useExhaustiveDependencies: with the round the time has gone on.
  useEffect(() => {
    const begins = night ? nextNight(night, Date.now()) : FOREVER;
    const wait = Math.min(end ?? FOREVER, begins) - Date.now();
    if (wait > TIMER_MS_MAX) return;
    const timer = setTimeout(() => setRound((round) => round + 1), Math.max(0, wait));
    return () => clearTimeout(timer);
  }, [end, night, round]);
  if (end === null) return null;
  if (end === FOREVER) return t("told.quiet");
  const isToday = dayKey(end) === dayKey(now);
  return t(isToday ? "told.quiet-until" : "told.quiet-until-tomorrow", { time: clockTime(end) });
}
