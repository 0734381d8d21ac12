// How a message's text is counted, and how it is said in one line.
import { plainOf } from "./markup/plain.ts";

/** Length as the server counts it: characters, not halves of them. */
export function charsOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** One line without the signs of markup, for previews, quotes, labels and announcements. */
export function oneLine(text: string, charsMax: number): string {
  const line = plainOf(text).replace(/\s+/gu, " ").trim();
  const chars = [...line];
  return chars.length > charsMax ? `${chars.slice(0, charsMax - 1).join("")}…` : line;
}
