// What one types for emoji becomes emoji when it is sent: signs like `:)`, and short names. Loaded when the page is idle
// or when a text needs it.
import { loadEmoji } from "./emoji-data.ts";
import { keptTone } from "./emoji-kept.ts";
import { turnsEmoticons, withEmoticons } from "./emoticons.ts";
import { hasShortNames, withEmoji } from "./short-names.ts";

/** Without the list of emoji a short name stays as it was typed. */
export async function converted(typed: string): Promise<string> {
  const text = turnsEmoticons() ? withEmoticons(typed) : typed;
  if (!hasShortNames(text)) return text;
  const set = await loadEmoji().catch(() => null);
  return set ? withEmoji(text, set, keptTone()) : text;
}
