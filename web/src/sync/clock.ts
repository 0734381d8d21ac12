// Time as the local copy sees it; tests bring their own.

export interface Clock {
  /** Milliseconds; only differences matter, except for when a message was typed. */
  now(): number;
  /** Calls once after so many milliseconds, unless what it gives back is called first. */
  after(ms: number, call: () => void): () => void;
}

export const wallClock: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
