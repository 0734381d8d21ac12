// Markdown as people type it in chats, read by marked's lexer with some rules taken out and some made stricter. What is
// not understood stays the text that it is: no HTML, no tables, no definitions, no headings by underlining, no code by
// indenting. Work is bounded: how deep things nest, how often a closing sign is looked for, and how many signs one
// paragraph may have; beyond that the rest is plain text.
import { Lexer, type Token, Tokenizer, type Tokens, type TokensList } from "marked";
import { addressStart, bareAddress, hrefOf, isHonest } from "./links.ts";

/** Quotes in lists in quotes; and bold in links in italics. Nobody reads more. */
const DEPTH_MAX = 6;
/** Searches for the sign that closes bold, italics, strikes and links, in one message: each may read it to its end. */
const TRIES_MAX = 400;
/** Signs that could be markup in one paragraph. A paragraph with more is a drawing or an attack. */
const SIGNS_MAX = 1_000;
/** Lines read as one list; the next begins another. */
const LIST_LINES_MAX = 100;

const SIGNS = /[*_~`[\]<>!\\]/gu;
const FENCE =
  /^ {0,3}(`{3,}|~{3,})((?:[^`~\n][^`\n]*)?)\n(?:([\s\S]*?)(?:\n {0,3})?\1[`~]*[ \t]*(?:\n|$)|([\s\S]*)$)/u;
const LANGUAGE = /^[ \t]*([a-z0-9+#._-]{0,24})[ \t]*$/iu;
const HEADING = /^ {0,3}#{1,6}[ \t]+[^\n]*[^#\s]/u;
const QUOTE = /^(?: {0,3}>[^\n]*(?:\n|$))+/u;
/** `>:(` and `>_<` are faces. */
const QUOTE_START = /^ {0,3}>(?=[ \t>\p{L}\p{M}\p{N}"*`@#[])/u;
const ITEM = /^[ \t]*(?:[*+-]|\d{1,9}[.)])[ \t]+[^\s]/u;
const ITEM_START = /^ {0,3}(?:[*+-]|\d{1,9}[.)])[ \t]+[^\s]/u;
const ITEM_MORE = /^(?: {2,}|\t)[ \t]*[^\s]/u;
/** A backslash before anything else is a backslash: paths and shrugs have them. */
const ESCAPE = /^\\([*_~`[\]<>#@])/u;
const SHRUG = /^\\_\([^\s()]{1,4}\)_(?:\/)?/u;
const LETTER = /[\p{L}\p{N}]/u;

/** What marked makes of a text. */
export function tokensOf(text: string): Token[] {
  return new ChatLexer({ gfm: true, tokenizer: new ChatTokenizer() }).lex(text);
}

class ChatLexer extends Lexer {
  private blocks = 0;
  private inlines = 0;

  override blockTokens(src: string, tokens?: Token[], isClipped?: boolean): Token[];
  override blockTokens(src: string, tokens?: TokensList, isClipped?: boolean): TokensList;
  override blockTokens(src: string, tokens: Token[] = [], isClipped = false): Token[] {
    if (this.blocks >= DEPTH_MAX) {
      tokens.push({ type: "paragraph", raw: src, text: src, tokens: [textToken(src)] });
      return tokens;
    }
    this.blocks += 1;
    try {
      return super.blockTokens(src, tokens, isClipped);
    } finally {
      this.blocks -= 1;
    }
  }

  override inlineTokens(src: string, tokens: Token[] = []): Token[] {
    if (this.inlines >= DEPTH_MAX || (src.match(SIGNS)?.length ?? 0) > SIGNS_MAX) {
      tokens.push(textToken(src));
      return tokens;
    }
    this.inlines += 1;
    try {
      return super.inlineTokens(src, tokens);
    } finally {
      this.inlines -= 1;
    }
  }
}

class ChatTokenizer extends Tokenizer {
  private tries = 0;

  // Blocks.

  override code(): undefined {}
  override html(): undefined {}
  override def(): undefined {}
  override table(): undefined {}
  override lheading(): undefined {}
  override hr(): undefined {}

  override fences(src: string): Tokens.Code | undefined {
    const found = FENCE.exec(src);
    if (!found) return undefined;
    const [raw, , info = "", closed, open] = found;
    const { language, text } = fenced(info, closed ?? open ?? "");
    return { type: "code", raw, text, lang: language };
  }

  override heading(src: string): Tokens.Heading | undefined {
    return HEADING.test(src) ? super.heading(src) : undefined;
  }

  /** A line without the sign is outside of the quote: people answer right below. */
  override blockquote(src: string): Tokens.Blockquote | undefined {
    const raw = QUOTE_START.test(src) ? QUOTE.exec(src)?.[0] : undefined;
    const text = raw?.replace(/^ {0,3}> ?/gmu, "").replace(/\n$/u, "");
    if (!raw || !text || !/[^\s>]/u.test(text)) return undefined;
    const { top } = this.lexer.state;
    this.lexer.state.top = true;
    const tokens = this.lexer.blockTokens(text);
    this.lexer.state.top = top;
    return { type: "blockquote", raw, text, tokens };
  }

  /** Likewise: a line that is neither an item nor indented ends the list. */
  override list(src: string): Tokens.List | undefined {
    return ITEM_START.test(src) ? super.list(src.slice(0, listEnd(src))) : undefined;
  }

  // Inside of a line.

  override tag(): undefined {}
  override reflink(): undefined {}
  override br(): undefined {}

  override escape(src: string): Tokens.Escape | undefined {
    if (!src.startsWith("\\")) return undefined;
    const shrug = SHRUG.exec(src)?.[0];
    if (shrug) return { type: "escape", raw: shrug, text: shrug };
    const found = ESCAPE.exec(src);
    return found ? { type: "escape", raw: found[0], text: found[1] ?? "" } : undefined;
  }

  /** A picture is a link to it: nothing is loaded from elsewhere by itself. */
  override link(src: string): Tokens.Link | undefined {
    if (!src.startsWith("[") && !src.startsWith("![")) return undefined;
    const found = this.attempt(() => super.link(src));
    const href = found && hrefOf(found.href);
    if (!found || !href || !isHonest(found.text, href)) return undefined;
    const { raw, text } = found;
    if (found.type === "link") return { ...(found as Tokens.Link), href };
    return { type: "link", raw, text, href, tokens: [textToken(text)] };
  }

  /** A star between letters and digits multiplies. */
  override emStrong(src: string, masked: string, before = ""): Tokens.Em | Tokens.Strong | undefined {
    if (!/^[*_]/u.test(src)) return undefined;
    if (/^\*(?!\*)/u.test(src) && LETTER.test(before)) return undefined;
    return this.attempt(() => super.emStrong(src, masked, before));
  }

  override del(src: string, masked: string, before = ""): Tokens.Del | undefined {
    return src.startsWith("~") ? this.attempt(() => super.del(src, masked, before)) : undefined;
  }

  /** Code keeps its lines. */
  override codespan(src: string): Tokens.Codespan | undefined {
    if (!src.startsWith("`")) return undefined;
    const found = this.attempt(() => super.codespan(src));
    if (!found?.raw.includes("\n")) return found;
    const ticks = /^`+/u.exec(found.raw)?.[0].length ?? 1;
    return { ...found, text: found.raw.slice(ticks, -ticks) };
  }

  override autolink(src: string): Tokens.Link | undefined {
    const found = super.autolink(src);
    const href = found && hrefOf(found.href);
    return found && href ? { ...found, href } : undefined;
  }

  override url(src: string): Tokens.Link | undefined {
    const found = bareAddress(src);
    if (!found) return undefined;
    const { text, href } = found;
    return { type: "link", raw: text, text, href, tokens: [textToken(text)] };
  }

  /** Up to what may be markup or an address. Entities stay as they were typed. */
  override inlineText(src: string): Tokens.Text {
    const ends = [/[\\<![*_~`]/gu, addressStart()].map((end) => {
      end.lastIndex = 1;
      return end.exec(src)?.index ?? src.length;
    });
    return textToken(src.slice(0, Math.min(...ends)));
  }

  private attempt<T>(search: () => T | undefined): T | undefined {
    this.tries += 1;
    return this.tries > TRIES_MAX ? undefined : search();
  }
}

function textToken(text: string): Tokens.Text {
  return { type: "text", raw: text, text, escaped: false };
}

/** What stands behind the sign of a fence is the language if it is one word, else the first line of the code. */
export function fenced(info: string, code: string): { language: string; text: string } {
  const language = LANGUAGE.exec(info)?.[1];
  if (language === undefined) return { language: "", text: `${info.trimEnd()}\n${code}` };
  return { language: language.toLowerCase(), text: code };
}

/** Where the list at the beginning of a text ends. */
function listEnd(src: string): number {
  let end = 0;
  let from = 0;
  for (let lines = 0; lines < LIST_LINES_MAX && from < src.length; lines += 1) {
    const newline = src.indexOf("\n", from);
    const next = newline === -1 ? src.length : newline + 1;
    const line = src.slice(from, next);
    const isBlank = line.trim() === "";
    if (!isBlank && !ITEM.test(line) && !ITEM_MORE.test(line)) break;
    // Empty lines belong to it only if it goes on.
    if (!isBlank) end = next;
    from = next;
  }
  return end;
}
