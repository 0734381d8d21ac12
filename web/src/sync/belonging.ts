// What I am in and what I asked for: the list of conversations, requests, and what happens when one ends.
import type { Welcome } from "../api/frames.ts";
import type { ConversationList, ConversationSummary, JoinRequest, Membership } from "../api/types.ts";
import * as rules from "./conversation.ts";
import * as deletions from "./deletions.ts";
import { LOADED_MAX } from "./limits.ts";
import * as outbox from "./outbox.ts";
import * as preferences from "./preferences.ts";
import { type Conversation, fromSummary, type State } from "./state.ts";
import { each, update } from "./update.ts";

export function takeWelcome(state: State, welcome: Welcome): State {
  const me = welcome.account.id;
  // Another history, or another person: nothing of the copy holds.
  const isSame = state.epoch === welcome.epoch && state.me?.id === me;
  const before: State = isSame
    ? each(state, preferences.afresh)
    : { ...state, conversations: {}, refused: {} };
  const listed = withListed({ ...before, me: welcome.account }, 0, welcome);
  const next: State = {
    ...listed,
    ready: true,
    epoch: welcome.epoch,
    unknown: [],
    requests: Object.fromEntries(welcome.requests.map((request) => [request.conversation_id, request])),
    online: new Set(welcome.online),
  };
  const { epoch } = welcome;
  return outbox.takeBreak(deletions.keep(next, (it) => it.epoch === epoch));
}

/** The next part of the list, unless it was begun anew meanwhile. */
export function takeList(state: State, after: number, list: ConversationList): State {
  if (state.listedTo !== after) return state;
  const next = withListed(state, after, list);
  // The server sends what a new connection missed to those in the welcome; of these the changes are fetched.
  const ids = new Set(list.conversations.map(({ id }) => id));
  return each(next, (it) => (ids.has(it.summary.id) && it.resuming ? { ...it, resuming: false } : it));
}

/** What the list says about the conversations behind this id: they are as listed, and there are no others. */
function withListed(
  state: State,
  after: number,
  list: Pick<ConversationList, "conversations" | "has_more">,
): State {
  const last = list.conversations.at(-1)?.id ?? after;
  const isOutside = (id: number) => id <= after || (list.has_more && id > last);
  const kept = Object.values(state.conversations).filter(({ summary }) => isOutside(summary.id));
  const conversations: Record<number, Conversation> = Object.fromEntries(
    kept.map((it) => [it.summary.id, it]),
  );
  for (const summary of list.conversations) {
    conversations[summary.id] = rules.resume(state.conversations[summary.id], summary, state.me?.id ?? 0);
  }
  const isKnown = (id: number) => conversations[id] !== undefined || isOutside(id);
  return {
    ...deletions.keep(state, (entry) => isKnown(entry.conversation)),
    conversations,
    listedTo: list.has_more ? last : null,
    recent: state.recent.filter((id) => conversations[id]?.window || id === state.open),
    // What was meant for a conversation that is no longer ours can never be sent.
    outbox: state.outbox.filter((entry) => isKnown(entry.conversation)),
  };
}

export function takeSummary(state: State, summary: ConversationSummary): State {
  const known = state.conversations[summary.id];
  const next = known ? rules.takeSummary(known, summary, state.me?.id ?? 0) : fromSummary(summary);
  const { [summary.id]: _decided, ...requests } = state.requests;
  const { [summary.id]: _told, ...refused } = state.refused;
  const unknown = state.unknown.filter((id) => id !== summary.id);
  return {
    ...state,
    requests,
    refused,
    unknown,
    conversations: { ...state.conversations, [summary.id]: next },
  };
}

export function takeMembership(state: State, membership: Membership): State {
  if (isMyEnd(state, membership)) return without(state, membership.conversation_id);
  const me = state.me?.id ?? 0;
  return update(state, membership.conversation_id, (it) => rules.withMembership(it, membership, me));
}

/** My membership ended with this change, unless it is an old one that was followed by my return. */
export function endMembership(state: State, conversation: number, rev: number): State {
  const known = state.conversations[conversation];
  return known && rev > known.cursor ? without(state, conversation) : state;
}

export function isMyEnd(state: State, membership: Membership): boolean {
  return (
    membership.account.id === state.me?.id && membership.state !== "active" && membership.state !== "pending"
  );
}

/** Keeps what I asked for and did not get, so that it can be told. */
export function refuse(state: State, request: JoinRequest | undefined): State {
  if (!request) return state;
  return { ...state, refused: { ...state.refused, [request.conversation_id]: request } };
}

export function withRequest(state: State, conversation: number, request: JoinRequest): State {
  if (state.conversations[conversation]) return state;
  const { [conversation]: _asksAgain, ...refused } = state.refused;
  return { ...state, refused, requests: { ...state.requests, [conversation]: request } };
}

/** Without this conversation and everything that was kept or meant for it. */
export function without(state: State, conversation: number): State {
  const { [conversation]: _gone, ...conversations } = state.conversations;
  const { [conversation]: _ended, ...requests } = state.requests;
  const { [conversation]: _told, ...refused } = state.refused;
  return {
    ...deletions.keep(state, (entry) => entry.conversation !== conversation),
    conversations,
    requests,
    refused,
    unknown: state.unknown.filter((id) => id !== conversation),
    recent: state.recent.filter((id) => id !== conversation),
    outbox: state.outbox.filter((entry) => entry.conversation !== conversation),
  };
}

/** A conversation that nobody told me of: it is asked for. */
export function hearOf(state: State, conversation: number): State {
  if (state.unknown.includes(conversation) || state.unknown.length >= LOADED_MAX) return state;
  return { ...state, unknown: [...state.unknown, conversation] };
}
