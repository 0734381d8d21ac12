// How well something is called what was typed, and which of the conversations one probably means.
import { callsIn } from "../../app/told/muted.ts";
import type { Conversation, State } from "../../sync/state.ts";

export interface Named {
  title: string;
  /** What it is found by as well. */
  also?: string;
  conversation: Conversation;
}

/** Without accents and capitals: who looks for "Zoe" means "Zoë". */
function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

/** 0: begins like that; 1: its words do; 2: it stands somewhere in it; `null`: not. Each part of the query must be found, in
 * any order. */
export function matchOf(query: string, text: string): 0 | 1 | 2 | null {
  const wanted = fold(query).trim();
  const name = fold(text);
  if (name.startsWith(wanted)) return 0;
  const parts = wanted.split(/\s+/);
  if (parts.every((part) => beginsWord(name, part))) return 1;
  return parts.every((part) => name.includes(part)) ? 2 : null;
}

/** Whether the words begin like all that was typed: a command is not meant by letters in the middle of it. */
export function isCommand(query: string, label: string): boolean {
  const match = matchOf(query, label);
  return match === 0 || match === 1;
}

/** Those that are meant: by how well they match; among the same what has something new, favourites, and what one had open
 * last. */
export function ranked(
  named: readonly Named[],
  query: string,
  recent: State["recent"],
  now: number,
): Named[] {
  const found = named.flatMap((it) => {
    const matches = [it.title, it.also ?? ""].map((text) => (text ? matchOf(query, text) : null));
    const best = Math.min(...matches.map((match) => match ?? Number.POSITIVE_INFINITY));
    if (best === Number.POSITIVE_INFINITY) return [];
    const { summary } = it.conversation;
    const at = recent.indexOf(summary.id);
    const keys = [
      best,
      callsIn(summary, now) > 0 ? 0 : 1,
      summary.preferences.favourite ? 0 : 1,
      at < 0 ? recent.length : at,
    ];
    return [{ it, keys }];
  });
  found.sort((a, b) => {
    const differing = a.keys.findIndex((key, index) => key !== b.keys[index]);
    if (differing < 0) return a.it.title.localeCompare(b.it.title);
    return (a.keys[differing] ?? 0) - (b.keys[differing] ?? 0);
  });
  return found.map(({ it }) => it);
}

/** Whether this sign begins a word: the first one, or one behind what is no letter. */
function beginsWord(name: string, part: string): boolean {
  for (let at = name.indexOf(part); at >= 0; at = name.indexOf(part, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(name.charAt(at - 1))) return true;
  }
  return false;
}
