// What one sent from this page, to be brought back into the box: newest first, and at the end what was half written.

/** Enough to find again what one just wrote; it goes with the page. */
export const SENT_MAX = 50;

interface Sent {
  account: number;
  conversation: number;
  text: string;
}

/** The newest first. */
let sent: readonly Sent[] = [];

/** As it was typed, not as it was sent: that is how one would change it. */
export function rememberSent(entry: Sent): void {
  sent = [entry, ...sent].slice(0, SENT_MAX);
}

/** What this account sent to this conversation, the newest first. */
export function sentTo(account: number, conversation: number): string[] {
  return sent
    .filter((entry) => entry.account === account && entry.conversation === conversation)
    .map(({ text }) => text);
}

export interface Recalled {
  /** Its place in the list; -1: what was half written. */
  at: number;
  text: string;
  /** What was half written when it began. */
  draft: string;
}

/** A step from what is in the box, back in time by 1 or forward by -1; `null`: nothing is there. */
export function recall(
  list: readonly string[],
  last: Recalled | null,
  text: string,
  by: 1 | -1,
): Recalled | null {
  // What was brought back and then changed is half written again.
  const from = last?.text === text ? last : { at: -1, draft: text };
  const at = from.at + by;
  const next = at === -1 ? from.draft : list[at];
  return next === undefined ? null : { at, text: next, draft: from.draft };
}
