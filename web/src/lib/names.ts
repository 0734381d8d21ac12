// What people are called, and what stands for them where there is no picture.
import type { Author } from "../api/types.ts";

/** The name that somebody has now. A guest's is marked wherever it stands: anybody could give it. */
export function nameIn(names: Readonly<Record<number, { display_name: string }>>, author: Author): string {
  const name = names[author.id]?.display_name ?? author.display_name;
  return author.kind === "guest" ? `${name} (guest)` : name;
}

/** One or two letters: the first of the first and of the last word. What begins with no letter is a word only if nothing does. */
export function initials(name: string): string {
  const all = name
    .trim()
    .split(/[\s._-]+/u)
    .filter(Boolean);
  const named = all.filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const words = named.length > 0 ? named : all;
  const first = firstLetter(words[0]);
  const last = words.length > 1 ? firstLetter(words.at(-1)) : "";
  return (first + last).toLocaleUpperCase();
}

/** A colour of the wheel in degrees that stays with the account. The golden angle keeps neighbours apart. */
export function hueOf(id: number): number {
  return Math.round((id * 137.508) % 360);
}

/** "Ana", "Ana and Ben", "Ana, Ben and 3 others". */
export function listOf(names: readonly string[], shown = 2): string {
  if (names.length <= 1) return names[0] ?? "";
  if (names.length <= shown) return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  const others = names.length - shown;
  return `${names.slice(0, shown).join(", ")} and ${others} ${others === 1 ? "other" : "others"}`;
}

function firstLetter(word: string | undefined): string {
  // By code point: half of a surrogate pair is no letter.
  return [...(word ?? "")][0] ?? "";
}
