// `:smile:` in a text becomes the emoji; in code and in addresses it stays what it is.
import { type EmojiSet, type Tone, toned } from "./emoji-set.ts";

/** Code and addresses come first, so that what looks like a name inside of them is never found. */
const PATTERN =
  /```[\s\S]*?(?:```|$)|`[^`\n]+`|https?:\/\/\S+|(?<![\p{L}\p{N}]):([a-z0-9_+-]+):(?::skin-tone-([2-6]):)?(?![\p{L}\p{N}])/gu;

/** Whether there is anything that could be the name of an emoji. Needs no list. */
export function hasShortNames(text: string): boolean {
  for (const match of text.matchAll(PATTERN)) if (match[1] !== undefined) return true;
  return false;
}

/** A name that is not in the list stays as it was typed. `tone` holds where the text names none. */
export function withEmoji(text: string, set: EmojiSet, tone: Tone): string {
  return text.replace(PATTERN, (whole: string, name: string | undefined, named: string | undefined) => {
    const emoji = name === undefined ? undefined : set.byName.get(name);
    // Others count the tones from 2, as the list of Unicode does.
    return emoji ? toned(emoji, named ? ((Number(named) - 1) as Tone) : tone) : whole;
  });
}
