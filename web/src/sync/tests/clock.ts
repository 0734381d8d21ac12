// A clock that stands still until a test moves it.
import type { Clock } from "../clock.ts";

export interface TestClock extends Clock {
  /** Moves on, calling what falls due on the way, each followed by whatever it set going. */
  pass(ms: number): Promise<void>;
}

export function testClock(): TestClock {
  let now = 1_000_000;
  let timers: { at: number; call: () => void }[] = [];
  return {
    now: () => now,
    after(ms, call) {
      const timer = { at: now + ms, call };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async pass(ms) {
      const end = now + ms;
      await quiet();
      for (;;) {
        const next = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((timer) => timer !== next);
        now = Math.max(now, next.at);
        next.call();
        await quiet();
      }
      now = end;
      await quiet();
    },
  };
}

/** Everything that was set going without a timer has happened. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((done) => setImmediate(done));
}
