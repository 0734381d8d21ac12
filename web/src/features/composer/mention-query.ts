// The name that is being typed at the caret: "@si" becomes a search, and what is picked takes its place.
import type { Author } from "../../api/types.ts";

export interface MentionQuery {
  /** Where the @ stands. */
  from: number;
  /** Where the caret stands. */
  to: number;
  text: string;
}

/** Suggestions shown at once. */
const SHOWN_MAX = 6;

export function mentionAt(text: string, caret: number): MentionQuery | null {
  const before = text.slice(0, caret);
  const match = /(?:^|[^\p{L}\p{N}_@.-])@([\p{L}\p{M}\p{N}._-]{0,32})$/u.exec(before);
  if (!match) return null;
  const name = match[1] ?? "";
  return { from: caret - name.length - 1, to: caret, text: name };
}

/** Those whose username or name begins with it; me I need not mention. */
export function suggestionsFor(query: MentionQuery, people: readonly Author[], me: number): Author[] {
  const wanted = query.text.toLocaleLowerCase();
  const words = ({ username, display_name }: Author) => [username, ...display_name.split(/\s+/u)];
  return people
    .filter((person) => person.id !== me)
    .filter((person) => words(person).some((word) => word.toLocaleLowerCase().startsWith(wanted)))
    .sort((a, b) => a.username.localeCompare(b.username))
    .slice(0, SHOWN_MAX);
}

export function withMention(
  text: string,
  query: MentionQuery,
  username: string,
): { text: string; caret: number } {
  const named = `@${username} `;
  const rest = text.slice(query.to).replace(/^ /u, "");
  return { text: text.slice(0, query.from) + named + rest, caret: query.from + named.length };
}
