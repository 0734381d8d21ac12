// Whether nobody is to be disturbed here, and the moment at which that ends by itself.
import { useEffect, useState } from "react";
import { t } from "../../i18n/words.ts";
import { clockTime, dayKey } from "../../lib/time.ts";
import { FOREVER, isQuiet, usePreferences } from "./preferences.ts";

/** The longest wait that a browser's timer knows. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** "Do not disturb until 14:30"; `null`: not now. */
export function useQuiet(): string | null {
  const preferences = usePreferences();
  const { quietUntil } = preferences;
  const [, setRound] = useState(0);
  const now = Date.now();
  useEffect(() => {
    const wait = (quietUntil ?? 0) - Date.now();
    if (wait <= 0 || wait > TIMER_MS_MAX) return;
    const timer = setTimeout(() => setRound((round) => round + 1), wait);
    return () => clearTimeout(timer);
  }, [quietUntil]);
  if (quietUntil === null || !isQuiet(preferences, now)) return null;
  if (quietUntil === FOREVER) return t("told.quiet");
  const isToday = dayKey(quietUntil) === dayKey(now);
  return t(isToday ? "told.quiet-until" : "told.quiet-until-tomorrow", { time: clockTime(quietUntil) });
}
