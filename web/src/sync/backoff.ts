// How long to wait before trying again.
import { RETRY_BASE_MS, RETRY_CAP_MS } from "./limits.ts";

/** Full jitter: anything between nothing and base × 2^attempt, never more than the cap. `random` gives 0 to 1. */
export function retryDelay(attempt: number, random: () => number): number {
  const most = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** Math.min(attempt, 16));
  return Math.round(most * random());
}
