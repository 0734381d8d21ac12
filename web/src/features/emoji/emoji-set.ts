// The emoji as a list in memory: read from the file, found by name and by word, and coloured by skin tone.

export interface Emoji {
  char: string;
  /** Short names, the usual one first: "+1" for `:+1:`. */
  names: readonly string[];
  /** In the language that is spoken, where the data has it. */
  label: string;
  /** What finds it: names, label and more words, also in English, in lower case. */
  words: string;
  hasTone: boolean;
}

export interface EmojiGroup {
  key: string;
  emoji: readonly Emoji[];
}

export interface EmojiSet {
  groups: readonly EmojiGroup[];
  byName: ReadonlyMap<string, Emoji>;
  byChar: ReadonlyMap<string, Emoji>;
}

/** From 0, none, to 5, the darkest. */
export type Tone = 0 | 1 | 2 | 3 | 4 | 5;

const TONES = ["", "\u{1F3FB}", "\u{1F3FC}", "\u{1F3FD}", "\u{1F3FE}", "\u{1F3FF}"] as const;

const HANDSHAKE = "\u{1F91D}";

/** Reads the files that `tools/emoji` writes: the list, and what its emoji are called in another language than English. */
export function readEmoji(file: string, labels = ""): EmojiSet {
  const local = labelsIn(labels);
  const groups: { key: string; emoji: Emoji[] }[] = [];
  const byName = new Map<string, Emoji>();
  const byChar = new Map<string, Emoji>();
  for (const line of file.split("\n")) {
    if (line === "") continue;
    if (line.startsWith("# ")) {
      groups.push({ key: line.slice(2), emoji: [] });
      continue;
    }
    const [char = "", names = "", label = "", words = "", tone] = line.split("\t");
    const here = local.get(char);
    const text = [names, label, words, here?.label, here?.words].filter(Boolean).join(" ").toLowerCase();
    const emoji: Emoji = {
      char,
      names: names.split(" "),
      label: here?.label ?? label,
      words: text,
      hasTone: tone === "1",
    };
    groups.at(-1)?.emoji.push(emoji);
    byChar.set(char, emoji);
    for (const name of emoji.names) byName.set(name, emoji);
  }
  return { groups, byName, byChar };
}

function labelsIn(labels: string): Map<string, { label: string; words: string }> {
  const rows = labels.split("\n").map((line) => line.split("\t"));
  return new Map(
    rows.flatMap(([char, label, words = ""]) => (char && label ? [[char, { label, words }]] : [])),
  );
}

/** In this skin tone, where it takes one. */
export function toned({ char, hasTone }: Emoji, tone: Tone): string {
  if (!hasTone || tone === 0) return char;
  // Every person and every hand takes it, but not the hands between two people.
  return char.replace(/(\p{Emoji_Modifier_Base})\uFE0F?/gu, (whole, base: string) =>
    base === HANDSHAKE && char !== HANDSHAKE ? whole : base + TONES[tone],
  );
}

/** Those that a text means, the best first: by the beginning of a short name, then of any word, then anywhere. */
export function findEmoji(set: EmojiSet, text: string, max: number): Emoji[] {
  const wanted = text.trim().toLowerCase();
  const spaced = wanted.replaceAll("_", " ");
  const ranked: Emoji[][] = [[], [], [], []];
  for (const { emoji } of set.groups) {
    for (const one of emoji) ranked[rankOf(one, wanted, spaced)]?.push(one);
  }
  return ranked.flat().slice(0, max);
}

/** Out of the ranks: not found. */
function rankOf({ names, words }: Emoji, wanted: string, spaced: string): number {
  if (names.includes(wanted)) return 0;
  if (names.some((name) => name.startsWith(wanted))) return 1;
  if (words.startsWith(spaced) || words.includes(` ${spaced}`)) return 2;
  return wanted.length > 2 && words.includes(spaced) ? 3 : 4;
}
