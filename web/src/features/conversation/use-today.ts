// Has the log drawn again when a day begins: "Today" is "Yesterday" then.
import { useEffect, useState } from "react";
import { dayKey, msToTomorrow } from "../../lib/time.ts";

/** Timers come a little early in some browsers. */
const AFTER_MS = 500;

export function useToday(): void {
  const [today, setToday] = useState(() => dayKey(Date.now()));
  // biome-ignore lint/correctness/useExhaustiveDependencies: each day sets the timer for the next one.
  useEffect(() => {
    const timer = setTimeout(() => setToday(dayKey(Date.now())), msToTomorrow(Date.now()) + AFTER_MS);
    return () => clearTimeout(timer);
  }, [today]);
}
