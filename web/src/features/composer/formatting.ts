// Marks around what is selected: bold, slanted, struck, code, and a link around it. The same key takes them off again.
import type { BoxEdit } from "./box-edit.ts";
import { isControl, type Pressed } from "./keys.ts";

const FENCE = "```";

const MARKS: readonly { key: string; shift: boolean; mark: string }[] = [
  { key: "b", shift: false, mark: "**" },
  { key: "i", shift: false, mark: "_" },
  { key: "x", shift: true, mark: "~~" },
  { key: "c", shift: true, mark: "`" },
];

/** What the key does to the text; `null`: nothing. */
export function formatOf(pressed: Pressed, text: string, from: number, to: number): BoxEdit | null {
  if (!isControl(pressed)) return null;
  const key = pressed.key.toLowerCase();
  const found = MARKS.find((one) => one.key === key && one.shift === pressed.shiftKey);
  if (!found) return null;
  const isLines = found.mark === "`" && text.slice(from, to).includes("\n");
  return isLines ? fenced(text, from, to) : marked(text, from, to, found.mark);
}

/** Spaces at the edges stay outside: a mark beside a space marks nothing. */
function marked(text: string, first: number, last: number, mark: string): BoxEdit {
  const whole = text.slice(first, last);
  const from = first + (whole.length - whole.trimStart().length);
  const to = Math.max(from, last - (whole.length - whole.trimEnd().length));
  const inner = text.slice(from, to);
  const { length } = mark;
  if (text.slice(from - length, from) === mark && text.slice(to, to + length) === mark)
    return { from: from - length, to: to + length, text: inner, select: [from - length, to - length] };
  if (inner.length >= 2 * length && inner.startsWith(mark) && inner.endsWith(mark))
    return { from, to, text: inner.slice(length, -length), select: [from, to - 2 * length] };
  return { from, to, text: mark + inner + mark, select: [from + length, to + length] };
}

/** Lines of code stand in a fence, which has lines of its own. */
function fenced(text: string, from: number, to: number): BoxEdit {
  const before = from === 0 || text[from - 1] === "\n" ? "" : "\n";
  const after = to === text.length || text[to] === "\n" ? "" : "\n";
  const inner = text.slice(from, to).replace(/^\n|\n$/gu, "");
  const start = from + before.length + FENCE.length + 1;
  return {
    from,
    to,
    text: `${before}${FENCE}\n${inner}\n${FENCE}${after}`,
    select: [start, start + inner.length],
  };
}

/** An address that is pasted on a selected text makes a link of it. `null`: it is pasted as it is. */
export function linkOf(pasted: string, text: string, from: number, to: number): BoxEdit | null {
  const label = text.slice(from, to);
  const address = pasted.trim();
  if (label.trim() === "" || /[\n[\]]/u.test(label) || isAddress(label) || !isAddress(address)) return null;
  // A bracket in the address would end the link.
  const href = address.replaceAll("(", "%28").replaceAll(")", "%29");
  return { from, to, text: `[${label}](${href})` };
}

function isAddress(text: string): boolean {
  return /^https?:\/\/\S+$/iu.test(text.trim()) && URL.canParse(text.trim());
}
