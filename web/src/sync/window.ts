// The run of messages that is held of a conversation: merging, extending and trimming it. A newer state of a
// message is recognised by its `rev`, never by the time at which it arrived.
import type { Message, Page, Seq } from "../api/types.ts";
import { WINDOW_LEN_FOLLOWED, WINDOW_LEN_KEPT, WINDOW_LEN_LIVE, WINDOW_LEN_MAX } from "./limits.ts";
import type { Window } from "./state.ts";

/** The index of this seq, or where it would stand. */
export function indexOf(messages: readonly Message[], seq: Seq): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((messages[middle]?.seq ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The window with these messages as they are now. Those outside of it are left out, except new ones at its end. */
export function merge(window: Window, incoming: readonly Message[], following: boolean): Window {
  const messages = [...window.messages];
  const first = messages[0]?.seq ?? 0;
  const last = messages.at(-1)?.seq ?? 0;
  let changed = false;
  for (const message of incoming) {
    const index = indexOf(messages, message.seq);
    const known = messages[index];
    if (known?.seq === message.seq) {
      if (message.rev <= known.rev) continue;
      messages[index] = message;
    } else {
      const isOld = messages.length > 0 ? message.seq < first : window.hasOlder;
      if (isOld || (window.hasNewer && message.seq > last)) continue;
      messages.splice(index, 0, message);
    }
    changed = true;
  }
  if (!changed) return window;
  const next = { ...window, messages };
  if (following && !window.hasNewer) {
    return messages.length > WINDOW_LEN_FOLLOWED ? trim(next, "oldest", WINDOW_LEN_LIVE) : next;
  }
  return trim(next, "newest", WINDOW_LEN_MAX);
}

/** The window of a page that stands by itself, keeping what is known to be newer about its messages. */
export function fromPage(page: Page, known: Window | null, hasOlder: boolean, hasNewer: boolean): Window {
  return { messages: page.messages.map((message) => newer(message, known)), hasOlder, hasNewer };
}

/** The window with an older page in front of it; unchanged if the page does not adjoin it any more. */
export function prepend(window: Window, page: Page): Window {
  const first = window.messages[0]?.seq;
  const last = page.messages.at(-1)?.seq;
  if (last === undefined) return { ...window, hasOlder: false };
  if (first === undefined || last !== first - 1) return window;
  const longer = { ...window, messages: [...page.messages, ...window.messages], hasOlder: page.has_more };
  return trim(longer, "newest", WINDOW_LEN_MAX);
}

/** The window with a newer page behind it; unchanged if the page does not adjoin it any more. */
export function append(window: Window, page: Page): Window {
  const last = window.messages.at(-1)?.seq;
  const first = page.messages[0]?.seq;
  if (first === undefined) return { ...window, hasNewer: page.has_more };
  if (last === undefined || first !== last + 1) return window;
  const longer = { ...window, messages: [...window.messages, ...page.messages], hasNewer: page.has_more };
  return trim(longer, "oldest", WINDOW_LEN_MAX);
}

/** What is kept of a window that nobody looks at. Nothing, if it does not reach the newest message. */
export function shrink(window: Window): Window | null {
  return window.hasNewer ? null : trim(window, "oldest", WINDOW_LEN_KEPT);
}

function trim(window: Window, end: "oldest" | "newest", lenMax: number): Window {
  if (window.messages.length <= lenMax) return window;
  if (end === "oldest") return { ...window, messages: window.messages.slice(-lenMax), hasOlder: true };
  return { ...window, messages: window.messages.slice(0, lenMax), hasNewer: true };
}

function newer(message: Message, known: Window | null): Message {
  const held = known?.messages[indexOf(known.messages, message.seq)];
  return held?.seq === message.seq && held.rev > message.rev ? held : message;
}
