// Loads the list of emoji, once: it is too large for the first page, and nobody waits for it there.
import { whenIdle } from "../../lib/idle.ts";
import { type EmojiSet, readEmoji } from "./emoji-set.ts";

let loaded: EmojiSet | null = null;
let loading: Promise<EmojiSet> | null = null;

/** The list, if it is here already. */
export function emojiNow(): EmojiSet | null {
  return loaded;
}

/** Rejects where the file cannot be fetched; the next call tries again. */
export function loadEmoji(): Promise<EmojiSet> {
  loading ??= import("./emoji.tsv?raw").then(
    (file) => {
      loaded = readEmoji(file.default);
      return loaded;
    },
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}

/** Fetches the list and the panel while nothing else is going on, so that they are there without a network later. */
export function loadEmojiWhenIdle(): () => void {
  return whenIdle(() => void Promise.all([loadEmoji(), import("./emoji-browser.tsx")]).catch(() => {}));
}
