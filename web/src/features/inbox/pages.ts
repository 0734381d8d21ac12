// The things of the inbox, page by page, and what becomes of them when a page is read again.
import type { Inbox, InboxItem } from "../../api/types.ts";
import { keyOf } from "./kept.ts";

type Items = readonly InboxItem[];

/** The first ones, then those of the others that are not among them. */
export function merged(first: Items, then: Items): Items {
  const known = new Set(first.map(keyOf));
  return [...first, ...then.filter((item) => !known.has(keyOf(item)))];
}

/** What is shown, as the newest page has it now. What that page would have and does not is gone: deleted, taken back, or
 * in a room that one is no longer in. */
export function refreshed(items: Items, { items: newest, next }: Inbox): Items {
  const now = new Map(newest.map((item) => [keyOf(item), item]));
  const last = newest.at(-1);
  // Things of the same moment may stand on both sides of the page's end.
  const floor =
    next === null ? Number.NEGATIVE_INFINITY : last ? Date.parse(last.at) : Number.POSITIVE_INFINITY;
  return items.flatMap((item) => now.get(keyOf(item)) ?? (Date.parse(item.at) > floor ? [] : item));
}
