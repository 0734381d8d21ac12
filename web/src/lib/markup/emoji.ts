// Messages that are nothing but a few emoji: a gesture, shown as one.

/** More than so many are read as text. */
const EMOJI_MAX = 3;
/** Longer texts are not looked at: no three emoji are, in UTF-16 units. */
const CHARS_MAX = 120;

/** As a picture by itself, or asked to be one; with a tone of skin; joined to others; flags and keycaps. */
const PICTURE = String.raw`(?:\p{Emoji_Presentation}|\p{Emoji}\uFE0F|\p{Emoji_Modifier_Base}(?=\p{Emoji_Modifier})|\p{Extended_Pictographic}(?=\u200D))\uFE0F?\p{Emoji_Modifier}?`;
const ONE = String.raw`(?:\p{RI}\p{RI}|[0-9#*]\uFE0F?\u20E3|${PICTURE}(?:\u200D\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?)*[\u{E0020}-\u{E007F}]*)`;
const ALONE = new RegExp(String.raw`^\s*(?:${ONE}\s*){1,${EMOJI_MAX}}$`, "u");

export function isEmojiAlone(text: string): boolean {
  return text.length <= CHARS_MAX && ALONE.test(text);
}
