// Draws again when a moment comes, for what is true only until then.
import { useEffect, useState } from "react";

/** The longest wait that a browser's timer knows. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** A number that is another one when the moment, in ms since 1970, has come; `null`: none will. */
export function useMoment(moment: number | null): number {
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a timer may come early, and is set again then.
  useEffect(() => {
    const wait = moment === null ? Number.POSITIVE_INFINITY : moment - Date.now();
    if (wait > TIMER_MS_MAX) return;
    const timer = setTimeout(() => setRound((round) => round + 1), Math.max(0, wait));
    return () => clearTimeout(timer);
  }, [moment, round]);
  return round;
}
