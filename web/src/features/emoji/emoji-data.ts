// Loads the list of emoji, once: it is too large for the first page, and nobody waits for it there. What they are called
// in the language that is chosen comes with it.
import { type Language, language } from "../../i18n/words.ts";
import { whenIdle } from "../../lib/idle.ts";
import { type EmojiSet, readEmoji } from "./emoji-set.ts";

/** What `tools/emoji` has written. Who speaks another language finds them by their English names. */
const LABELS: Partial<Record<Language, () => Promise<{ default: string }>>> = {
  de: () => import("./emoji.de.tsv?raw"),
  es: () => import("./emoji.es.tsv?raw"),
  hi: () => import("./emoji.hi.tsv?raw"),
};

let loaded: EmojiSet | null = null;
let loading: { language: Language; set: Promise<EmojiSet> } | null = null;

/** The list, if it is here already; perhaps still as it is called in the language before. */
export function emojiNow(): EmojiSet | null {
  return loaded;
}

/** Rejects where a file cannot be fetched; the next call tries again. */
export function loadEmoji(): Promise<EmojiSet> {
  const spoken = language();
  if (loading?.language === spoken) return loading.set;
  const set = Promise.all([import("./emoji.tsv?raw"), LABELS[spoken]?.()]).then(
    ([file, labels]) => {
      loaded = readEmoji(file.default, labels?.default);
      return loaded;
    },
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  loading = { language: spoken, set };
  return set;
}

/** Fetches the list, the panel and what turns texts into emoji while nothing else is going on, so that they are there
 * without a network later. */
export function loadEmojiWhenIdle(): () => void {
  const parts = () => Promise.all([loadEmoji(), import("./emoji-browser.tsx"), import("./convert.ts")]);
  return whenIdle(() => void parts().catch(() => {}));
}
