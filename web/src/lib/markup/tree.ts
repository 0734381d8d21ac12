// A message's text as a small tree: what there is to show, and nothing of the library that read it.
import type { Token, Tokens } from "marked";
import { fenced, tokensOf } from "./lexer.ts";
import { placeBeside } from "./links.ts";

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "mention"; text: string; username: string }
  /** `beside`: what is shown besides its words, because they may be taken for another place; empty: nothing. */
  | { kind: "link"; href: string; beside: string; children: readonly Inline[] }
  | { kind: "strong" | "em" | "del"; children: readonly Inline[] };

export type Block =
  /** Lines of text, with their line breaks. */
  | { kind: "flow" | "heading"; children: readonly Inline[] }
  | Fence
  | { kind: "quote"; children: readonly Block[] }
  /** `numbers`: of each item; `null`: a list without numbers. */
  | { kind: "list"; numbers: readonly number[] | null; items: readonly (readonly Block[])[] };

export interface Fence {
  kind: "fence";
  /** As it was typed, in lower case; empty: none. */
  language: string;
  text: string;
}

/** Pieces of one message at most: what comes after is plain text, so that no message can stop the page. */
const PIECES_MAX = 500;
/** Longer texts are shown as they are: no chat needs markup in them. In UTF-16 units. */
const CHARS_MAX = 40_000;
/** Texts whose trees are kept: more than one sees at once. */
const KEPT_MAX = 400;

const kept = new Map<string, readonly Block[]>();

/** The tree of a text; the same object for the same text, as long as it is kept. */
export function treeOf(text: string): readonly Block[] {
  const known = kept.get(text);
  const tree = known ?? read(text);
  kept.delete(text);
  kept.set(text, tree);
  const oldest = kept.keys().next().value;
  if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
  return tree;
}

function read(text: string): readonly Block[] {
  const plain: Block[] = [{ kind: "flow", children: [{ kind: "text", text }] }];
  if (text.length > CHARS_MAX) return plain;
  try {
    return new Builder().blocks(tokensOf(text));
  } catch {
    // Words are never lost to a fault of the reader.
    return plain;
  }
}

class Builder {
  private pieces = 0;

  blocks(tokens: readonly Token[]): Block[] {
    const blocks: Block[] = [];
    /** Lines that follow one another, with what stands between them. */
    let flow: Inline[] = [];
    const flush = () => {
      const children = trimmed(flow);
      if (children.length > 0) blocks.push({ kind: "flow", children });
      flow = [];
    };
    for (const token of tokens) {
      const block = this.block(token);
      if (block) {
        flush();
        blocks.push(block);
        continue;
      }
      for (const piece of this.flow(token)) {
        if (isInline(piece)) flow.push(piece);
        else {
          flush();
          blocks.push(piece);
        }
      }
    }
    flush();
    return blocks;
  }

  private block(token: Token): Block | null {
    if (!/^(?:code|heading|blockquote|list)$/u.test(token.type)) return null;
    if (this.isFull()) return null;
    switch (token.type) {
      case "code":
        return {
          kind: "fence",
          language: (token as Tokens.Code).lang ?? "",
          text: (token as Tokens.Code).text,
        };
      case "heading":
        return { kind: "heading", children: this.inlines((token as Tokens.Heading).tokens) };
      case "blockquote":
        return { kind: "quote", children: this.blocks((token as Tokens.Blockquote).tokens) };
      default: {
        const { ordered, items } = token as Tokens.List;
        return {
          kind: "list",
          numbers: ordered ? numbersOf(items) : null,
          items: items.map((item) => this.blocks(item.tokens)),
        };
      }
    }
  }

  /** Text with its line breaks, and fences that begin in the middle of it. */
  private flow(token: Token): (Inline | Fence)[] {
    if (token.type === "checkbox") return [{ kind: "text", text: token.checked ? "☑ " : "☐ " }];
    const inside: readonly Token[] | undefined = "tokens" in token ? token.tokens : undefined;
    if (!inside || this.isFull()) return [{ kind: "text", text: token.raw }];
    const pieces = inside.flatMap((it): (Inline | Fence)[] => fenceInside(it) ?? this.inline(it));
    // The line break at the end of a paragraph is part of its raw text only.
    const isBroken = token.raw.endsWith("\n") && "text" in token && !String(token.text).endsWith("\n");
    return isBroken ? [...pieces, { kind: "text", text: "\n" }] : pieces;
  }

  private inlines(tokens: readonly Token[]): Inline[] {
    return tokens.flatMap((token) => this.inline(token));
  }

  private inline(token: Token): Inline[] {
    if (this.isFull()) return [{ kind: "text", text: token.raw }];
    switch (token.type) {
      case "strong":
      case "em":
      case "del":
        return [{ kind: token.type, children: this.inlines((token as Tokens.Strong).tokens) }];
      case "link": {
        const { href, tokens } = token as Tokens.Link;
        const children = withoutLinks(this.inlines(tokens));
        return [{ kind: "link", href, beside: placeBeside(wordsOf(children), href), children }];
      }
      case "codespan":
        return [{ kind: "code", text: (token as Tokens.Codespan).text }];
      case "text":
        return this.named((token as Tokens.Text).text);
      case "escape":
        return [{ kind: "text", text: (token as Tokens.Escape).text }];
      default:
        return [{ kind: "text", text: token.raw }];
    }
  }

  private named(text: string): Inline[] {
    const pieces: Inline[] = [];
    let end = 0;
    for (const match of text.matchAll(NAME)) {
      if (this.isFull()) break;
      // A dot or dash at the end closes the sentence, not the name.
      const username = (match[1] ?? "").replace(/[.-]+$/u, "");
      if (match.index > end) pieces.push({ kind: "text", text: text.slice(end, match.index) });
      pieces.push({ kind: "mention", text: `@${username}`, username });
      end = match.index + username.length + 1;
    }
    if (end < text.length) pieces.push({ kind: "text", text: text.slice(end) });
    return pieces;
  }

  /** Counts one more piece. */
  private isFull(): boolean {
    this.pieces += 1;
    return this.pieces > PIECES_MAX;
  }
}

/** Not inside of a word, like in an address of mail. */
const NAME = /(?<![\p{L}\p{N}_@.-])@([\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,63})/gu;

function isInline(piece: Inline | Fence): piece is Inline {
  return piece.kind !== "fence";
}

/** Three backticks begin a block also in the middle of a line, if there are lines between them. */
function fenceInside({ type, raw }: Token): Fence[] | null {
  if (type !== "codespan" || !raw.startsWith("```") || !raw.includes("\n")) return null;
  const [info = "", ...lines] = raw.replace(/^`+|`+$/gu, "").split("\n");
  return [{ kind: "fence", ...fenced(info, lines.join("\n").replace(/\n$/u, "")) }];
}

/** As they were typed, for a text may speak of them; one that does not rise is counted on from the one before. */
function numbersOf(items: readonly Tokens.ListItem[]): number[] {
  const numbers: number[] = [];
  for (const { raw } of items) {
    const typed = Number(/\d+/u.exec(raw)?.[0] ?? 0);
    const before = numbers.at(-1);
    numbers.push(before === undefined || typed > before ? typed : before + 1);
  }
  return numbers;
}

/** What pieces say, without their markup. */
export function wordsOf(pieces: readonly Inline[]): string {
  return pieces.map((piece) => ("children" in piece ? wordsOf(piece.children) : piece.text)).join("");
}

/** A link leads to one place: links and names inside of it are its words. */
function withoutLinks(pieces: readonly Inline[]): Inline[] {
  return pieces.flatMap((piece): Inline[] => {
    if (piece.kind === "link") return withoutLinks(piece.children);
    if (piece.kind === "mention") return [{ kind: "text", text: piece.text }];
    return "children" in piece ? [{ ...piece, children: withoutLinks(piece.children) }] : [piece];
  });
}

/** Without the empty lines at both ends, where blocks have their own distance; and without empty pieces there. */
function trimmed(pieces: readonly Inline[]): Inline[] {
  const all = [...pieces];
  for (let text = ""; all[0]?.kind === "text" && text === ""; ) {
    text = all[0].text.replace(/^(?:[ \t]*\n)+/u, "");
    if (text === "") all.shift();
    else all[0] = { kind: "text", text };
  }
  for (let text = ""; text === ""; ) {
    const last = all.at(-1);
    if (last?.kind !== "text") break;
    text = last.text.trimEnd();
    all.pop();
    if (text !== "") all.push({ kind: "text", text });
  }
  return all;
}
