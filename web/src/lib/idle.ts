/** After the page has had time for what matters more. */
const IDLE_MS = 3_000;

/** Runs something while nothing else is going on. Gives what calls it off. */
export function whenIdle(run: () => void): () => void {
  const timer = setTimeout(() => {
    // Not every browser tells when it is idle.
    if ("requestIdleCallback" in window) requestIdleCallback(run);
    else run();
  }, IDLE_MS);
  return () => clearTimeout(timer);
}
