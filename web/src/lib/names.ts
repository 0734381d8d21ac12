// What people are called, and what stands for them where there is no picture.
import type { Author } from "../api/types.ts";
import { formatList } from "../i18n/formats.ts";
import { t } from "../i18n/words.ts";

/** The name that somebody has now. A guest's is marked wherever it stands: anybody could give it. */
export function nameIn(names: Readonly<Record<number, { display_name: string }>>, author: Author): string {
  const name = names[author.id]?.display_name ?? author.display_name;
  return author.kind === "guest" ? t("lib.guest", { name }) : name;
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
  const count = names.length - shown;
  if (count <= 0) return formatList(names);
  return formatList([...names.slice(0, shown), t("lib.others", { count })]);
}

function firstLetter(word: string | undefined): string {
  // By code point: half of a surrogate pair is no letter.
  return [...(word ?? "")][0] ?? "";
}
