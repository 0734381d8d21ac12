// `:)` in a text becomes the emoji, where it stands by itself; in code, in links and inside of words it stays what it is.
import { readItem, writeItem } from "../../lib/storage.ts";

const KEY = "parlor.emoticons";

/** Whether one wants that. Kept on this device, on until somebody says otherwise. */
export function turnsEmoticons(): boolean {
  return readItem(KEY) !== "off";
}

export function keepEmoticons(turns: boolean): void {
  writeItem(KEY, turns ? null : "off");
}

const EMOTICONS: Readonly<Record<string, string>> = {
  ":)": "🙂",
  ":-)": "🙂",
  ":(": "🙁",
  ":-(": "🙁",
  ";)": "😉",
  ";-)": "😉",
  ":D": "😄",
  ":-D": "😄",
  ":P": "😛",
  ":-P": "😛",
  ":/": "😕",
  ":-/": "😕",
  ":o": "😮",
  ":O": "😮",
  ":'(": "😢",
  xD: "😆",
  XD: "😆",
  "<3": "❤️",
};

/** Code and links come first, so that nothing inside of them is found. Behind it stands a space or what ends a sentence. */
const PATTERN =
  /```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)|\[[^\]\n]*\]\([^)\n]*\)|https?:\/\/\S+|(?<!\S)(:'\(|[:;]-?[()DPoO/]|[xX]D|<3)(?=$|[\s.,!?…])/gu;

export function withEmoticons(text: string): string {
  return text.replace(PATTERN, (whole: string, _ticks: unknown, signs: string | undefined) => {
    return (signs !== undefined && EMOTICONS[signs]) || whole;
  });
}
