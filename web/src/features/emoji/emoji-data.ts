// Loads the list of emoji, once: it is too large for the first page, and nobody waits for it there.
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

/** After the page has had time for what matters more. */
const IDLE_MS = 3_000;

/** Fetches the list and the panel while nothing else is going on, so that they are there without a network later. */
export function loadEmojiWhenIdle(): () => void {
  const timer = setTimeout(() => {
    const load = () => void Promise.all([loadEmoji(), import("./emoji-browser.tsx")]).catch(() => {});
    // Not every browser tells when it is idle.
    if ("requestIdleCallback" in window) requestIdleCallback(load);
    else load();
  }, IDLE_MS);
  return () => clearTimeout(timer);
}
