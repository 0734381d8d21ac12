// Client message ids: UUIDs of version 7, rising even within one millisecond, so that their order as text is the
// order in which they were made.

export interface CidSource {
  next(now: number): string;
  /** Later ids will be above this one. */
  startAbove(cid: string): void;
}

/** `fill` writes random bytes into the array it is given. */
export function cidSource(fill: (bytes: Uint8Array<ArrayBuffer>) => void): CidSource {
  let lastMs = 0;
  // Twelve bits that count within a millisecond.
  let count = 0;
  return {
    next(now) {
      if (now > lastMs) {
        lastMs = now;
        count = 0;
      } else if (++count > 0xfff) {
        lastMs += 1;
        count = 0;
      }
      const bytes = new Uint8Array(8);
      fill(bytes);
      bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x80;
      const time = lastMs.toString(16).padStart(12, "0");
      const tail = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      const rising = count.toString(16).padStart(3, "0");
      return `${time.slice(0, 8)}-${time.slice(8)}-7${rising}-${tail.slice(0, 4)}-${tail.slice(4)}`;
    },
    startAbove(cid) {
      const ms = Number.parseInt(cid.replaceAll("-", "").slice(0, 12), 16);
      if (Number.isSafeInteger(ms) && ms >= lastMs) {
        lastMs = ms;
        count = 0xfff;
      }
    },
  };
}
