// Waiting for something to become true: looks again and again until a deadline, and says what it waited for.
import { setTimeout as pause } from "node:timers/promises";

/** The longest that a story waits for one thing. Generous: a busy machine is slow, and what works is there at once. */
export const PATIENCE_MS = 15_000;

/** Between two looks. */
const LOOK_EVERY_MS = 40;

/**
 * Calls `look` until it gives something truthy, and gives that back. An error thrown by `look` counts as "not yet" and
 * is told when the time is over.
 */
export async function until(what, look, patienceMs = PATIENCE_MS) {
  const deadline = performance.now() + patienceMs;
  let last;
  for (;;) {
    try {
      last = await look();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      const seen = last instanceof Error ? last.message : JSON.stringify(last);
      throw new Error(`waited ${patienceMs} ms in vain until ${what}; last seen: ${seen}`);
    }
    await pause(LOOK_EVERY_MS);
  }
}

/** Waits until `look` gives exactly what is expected, compared as JSON. */
export async function untilEqual(what, look, expected, patienceMs = PATIENCE_MS) {
  const wanted = JSON.stringify(expected);
  let seen;
  try {
    await until(what, async () => {
      seen = JSON.stringify(await look());
      return seen === wanted;
    }, patienceMs);
  } catch {
    throw new Error(`waited ${patienceMs} ms in vain until ${what}\nexpected: ${wanted}\nlast seen: ${seen}`);
  }
}
