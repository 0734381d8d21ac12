// What this device remembers of emoji: those used last, and the skin tone.
import { readItem, writeItem } from "../../lib/storage.ts";
import type { Tone } from "./emoji-set.ts";

/** Three lines of the panel. */
const RECENT_MAX = 24;
const RECENT_KEY = "parlor.emoji.recent";
const TONE_KEY = "parlor.emoji.tone";

/** The one used last comes first. */
export function recentEmoji(): string[] {
  try {
    const kept: unknown = JSON.parse(readItem(RECENT_KEY) ?? "[]");
    const isList = Array.isArray(kept) && kept.every((char) => typeof char === "string");
    return isList ? kept.slice(0, RECENT_MAX) : [];
  } catch {
    return [];
  }
}

export function rememberEmoji(char: string): void {
  const others = recentEmoji().filter((one) => one !== char);
  writeItem(RECENT_KEY, JSON.stringify([char, ...others].slice(0, RECENT_MAX)));
}

export function keptTone(): Tone {
  const tone = Number(readItem(TONE_KEY));
  return isTone(tone) ? tone : 0;
}

export function keepTone(tone: Tone): void {
  writeItem(TONE_KEY, tone === 0 ? null : String(tone));
}

function isTone(value: number): value is Tone {
  return Number.isInteger(value) && value >= 0 && value <= 5;
}
