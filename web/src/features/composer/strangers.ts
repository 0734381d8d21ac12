// Who is mentioned in a text and is not here to read it.
import type { Author } from "../../api/types.ts";
import { mentionsIn } from "../../lib/markup/mentions.ts";
import type { Conversation } from "../../sync/state.ts";

/** Names of one text that are looked at: who writes to more has been warned by then. */
const NAMES_MAX = 5;
/** So many members are loaded at most. With more, one who is not among them can still be in the room. */
const MEMBERS_KNOWN_MAX = 1_000;

/** The usernames, in lower case, that nobody here has. Nobody is a stranger where everyone is. */
export function strangersIn(text: string, conversation: Conversation, me: Author): string[] {
  if (conversation.summary.kind === "general") return [];
  const here = usernamesHere(conversation, me);
  if (!here) return [];
  const named = mentionsIn(text).map((name) => name.toLowerCase());
  return [...new Set(named)].filter((name) => !here.has(name)).slice(0, NAMES_MAX);
}

function usernamesHere({ summary, members, membersLoaded }: Conversation, me: Author): Set<string> | null {
  const other = summary.with;
  if (other) return new Set([me.username.toLowerCase(), other.username.toLowerCase()]);
  const known = Object.values(members);
  if (!membersLoaded || known.length >= MEMBERS_KNOWN_MAX) return null;
  return new Set([me.username.toLowerCase(), ...known.map(({ account }) => account.username.toLowerCase())]);
}
