// What I set for a conversation. It has no `rev`: the frames of a connection tell it in the order in which it was stored, so
// that the last one of them is right. What I have just asked for is shown at once, over what is known.
import type { ConversationPreferences, PreferencesChange } from "../api/types.ts";
import type { Conversation } from "./state.ts";

/** Something that I asked for and that the server has not told of yet. */
export interface Wish {
  id: number;
  change: PreferencesChange;
}

export interface Preferring {
  /** As the server has told it. */
  stored: ConversationPreferences;
  /** A frame of this connection told it. An answer that is read beside the connection may be older than that. */
  isHeard: boolean;
  /** In the order of asking. */
  wishes: readonly Wish[];
}

export function fromListed(stored: ConversationPreferences): Preferring {
  return { stored, isHeard: false, wishes: [] };
}

/** A frame says how things stand now. A wish that it fulfils is done: what comes after it is newer. */
export function hear(conversation: Conversation, stored: ConversationPreferences): Conversation {
  const wishes = conversation.preferring.wishes.filter(({ change }) => !isFulfilled(change, stored));
  return shown({ ...conversation, preferring: { stored, isHeard: true, wishes } });
}

/** A list or a line of it, which was read beside the connection. */
export function take(conversation: Conversation, stored: ConversationPreferences): Conversation {
  const { preferring } = conversation;
  return shown({ ...conversation, preferring: preferring.isHeard ? preferring : { ...preferring, stored } });
}

/** On a new connection nothing was heard yet, and whether a wish came through is seen there. */
export function afresh(conversation: Conversation): Conversation {
  const { isHeard, wishes, stored } = conversation.preferring;
  if (!isHeard && wishes.length === 0) return conversation;
  return shown({ ...conversation, preferring: fromListed(stored) });
}

export function wish(conversation: Conversation, wanted: Wish): Conversation {
  const { preferring } = conversation;
  return shown({ ...conversation, preferring: { ...preferring, wishes: [...preferring.wishes, wanted] } });
}

/** The server's answer to a wish; `null`: it was refused. A wish that is done already was told of by something newer. */
export function answer(
  conversation: Conversation,
  id: number,
  answered: ConversationPreferences | null,
): Conversation {
  const { preferring } = conversation;
  const wishes = preferring.wishes.filter((one) => one.id !== id);
  if (wishes.length === preferring.wishes.length) return conversation;
  const stored = answered ?? preferring.stored;
  return shown({ ...conversation, preferring: { ...preferring, stored, wishes } });
}

/** With the line as it looks when all wishes are fulfilled. */
function shown(conversation: Conversation): Conversation {
  const { stored, wishes } = conversation.preferring;
  const preferences = Object.assign({}, stored, ...wishes.map(({ change }) => change));
  return { ...conversation, summary: { ...conversation.summary, preferences } };
}

function isFulfilled(change: PreferencesChange, stored: ConversationPreferences): boolean {
  const until = change.muted_until;
  return (
    (change.notify === undefined || change.notify === stored.notify) &&
    (change.favourite === undefined || change.favourite === stored.favourite) &&
    (change.unread_from === undefined || change.unread_from === stored.unread_from) &&
    (until === undefined || moment(until) === moment(stored.muted_until))
  );
}

/** The same moment can be written in several ways. */
function moment(text: string | null): number | null {
  return text === null ? null : Date.parse(text);
}
