// Whether a place in a text is code, where keys and signs mean nothing but themselves.

/** Between a fence and the one that closes it, or after one that nothing closes yet. */
export function isInFence(text: string, at: number): boolean {
  return text.slice(0, at).split("```").length % 2 === 0;
}

/** In a fence, or after a backtick that this line has not closed. */
export function isInCode(text: string, at: number): boolean {
  if (isInFence(text, at)) return true;
  const prose = text.slice(0, at).split("```").at(-1) ?? "";
  return prose.slice(prose.lastIndexOf("\n") + 1).split("`").length % 2 === 0;
}
