// Cuts a message's text into what is shown differently: links, mentions, code. The text itself stays as it was
// typed; nothing here makes markup out of it.

export type Piece =
  | { kind: "text"; text: string }
  | { kind: "link"; text: string; href: string }
  | { kind: "mention"; text: string; username: string }
  | { kind: "code"; text: string }
  | { kind: "block"; text: string };

/** A fence, a run in backticks, an address or a name, in this order. */
const PATTERN =
  /```(?:[a-z0-9+#-]*\n)?([\s\S]+?)```\n?|`([^`\n]+)`|(https?:\/\/[^\s<>"'`]+)|(?<![\p{L}\p{N}_@.-])@([\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*)/giu;

/** Pieces of one message at most: what comes after is plain text, so that no message can stop the page. */
const PIECES_MAX = 500;

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(PATTERN)) {
    if (pieces.length >= PIECES_MAX) break;
    const piece = pieceOf(match);
    if (!piece) continue;
    if (match.index > end) pieces.push({ kind: "text", text: text.slice(end, match.index) });
    pieces.push(piece.piece);
    end = match.index + piece.length;
  }
  if (end < text.length) pieces.push({ kind: "text", text: text.slice(end) });
  return pieces;
}

function pieceOf(match: RegExpExecArray): { piece: Piece; length: number } | null {
  const [whole, block, code, address, username] = match;
  if (block !== undefined) return { piece: { kind: "block", text: trimLines(block) }, length: whole.length };
  if (code !== undefined) return { piece: { kind: "code", text: code }, length: whole.length };
  if (address !== undefined) {
    const text = withoutTail(address);
    const href = hrefOf(text);
    return href ? { piece: { kind: "link", text, href }, length: text.length } : null;
  }
  if (username !== undefined) {
    // A dot or dash at the end closes the sentence, not the name.
    const name = username.replace(/[.-]+$/u, "");
    return { piece: { kind: "mention", text: `@${name}`, username: name }, length: name.length + 1 };
  }
  return null;
}

/** Only http and https, and only what the browser can read as an address. */
function hrefOf(text: string): string | null {
  try {
    const url = new URL(text);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

/** Punctuation at the end belongs to the sentence; a bracket only if it was not opened inside. */
function withoutTail(address: string): string {
  let text = address;
  for (;;) {
    const last = text.at(-1) ?? "";
    const isOpened = last === ")" && text.includes("(");
    if (!/[.,;:!?)\]}*_~]/u.test(last) || isOpened) return text;
    text = text.slice(0, -1);
  }
}

function trimLines(text: string): string {
  return text.replace(/^\n|\n$/gu, "");
}

/** Length as the server counts it: characters, not halves of them. */
export function charsOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** One line for previews and announcements. */
export function oneLine(text: string, charsMax: number): string {
  const line = text.replace(/\s+/gu, " ").trim();
  const chars = [...line];
  return chars.length > charsMax ? `${chars.slice(0, charsMax - 1).join("")}…` : line;
}
