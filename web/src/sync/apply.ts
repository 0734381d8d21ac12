// The reducer: one input, the next state. Nothing here waits, asks the clock or talks to anyone.
import type { ServerFrame, Welcome } from "../api/frames.ts";
import type {
  ConversationList,
  ConversationSummary,
  JoinRequest,
  Membership,
  Message,
} from "../api/types.ts";
import * as rules from "./conversation.ts";
import type { Input } from "./inputs.ts";
import { LOADED_MAX, OUTBOX_LEN_MAX, TYPING_MS } from "./limits.ts";
import * as outbox from "./outbox.ts";
import { type Conversation, fromSummary, type State } from "./state.ts";
import { shrink } from "./window.ts";

export function apply(state: State, input: Input): State {
  return outbox.settle(applied(state, input));
}

function applied(state: State, input: Input): State {
  const me = state.me?.id ?? 0;
  switch (input.type) {
    case "frame":
      return takeFrame(state, input.frame, input.now);
    case "connection": {
      const next = { ...state, connection: input.connection };
      return input.connection.phase === "live" ? next : outbox.takeBreak(next);
    }
    case "page": {
      const next = update(state, input.conversation, (it) => rules.takePage(it, input.page, input.kind, me));
      return outbox.arrived(remember(next, input.conversation), input.page.messages);
    }
    case "page_failed":
      return update(state, input.conversation, (it) => ({ ...it, trouble: input.code }));
    case "changes": {
      const { conversation: details, ...rest } = input.changes;
      const frame = {
        op: "changes",
        conversation: input.conversation,
        since: input.since,
        details,
        ...rest,
      } as const;
      return takeFrame(state, frame, 0);
    }
    case "summary":
      return takeSummary(state, input.summary);
    case "list":
      return takeList(state, input.after, input.list);
    case "members":
      return update(state, input.conversation, (it) => {
        const next = input.memberships.reduce((known, one) => rules.withMembership(known, one, me), it);
        return { ...next, membersLoaded: true };
      });
    case "pending":
      return update(state, input.conversation, (it) => ({ ...it, pending: input.memberships }));
    case "message": {
      const id = input.message.conversation_id;
      return takeMessages(state, id, [input.message], (it) => rules.withMessage(it, input.message, me));
    }
    case "membership":
      return takeMembership(state, input.membership);
    case "details":
      return update(state, input.details.id, (it) =>
        input.details.rev >= it.summary.rev ? rules.withSummary(it, input.details) : it,
      );
    case "requested":
      return withRequest(state, input.request.conversation_id, input.request);
    case "reload":
      return update(state, input.conversation, (it) => (it.window ? { ...it, reload: true } : it));
    case "gone":
      return without(state, input.conversation);
    case "me":
      return { ...state, me: input.me };
    case "opened":
      return open(state, input.conversation);
    case "following":
      return update(state, input.conversation, (it) =>
        it.following === input.on ? it : { ...it, following: input.on },
      );
    case "read":
      return update(state, input.conversation, (it) => rules.withRead(it, me, input.seq, me));
    case "outgoing":
      if (state.outbox.length >= OUTBOX_LEN_MAX) return state;
      return { ...state, outbox: [...state.outbox, input.entry] };
    case "sending":
      return outbox.change(state, input.cid, (entry) => ({ ...entry, state: "sending" }));
    case "retry":
      return outbox.change(state, input.cid, (entry) => {
        return { ...entry, state: "queued", attempts: 0, notBefore: 0, error: null };
      });
    case "discard":
      return outbox.discard(state, input.cid);
    case "resume_late":
      return each(state, (it) => (it.resuming ? { ...it, resuming: false } : it));
    case "tick":
      return each(state, (it) => withoutOldTyping(it, input.now));
  }
}

function takeFrame(state: State, frame: ServerFrame, now: number): State {
  const me = state.me?.id ?? 0;
  switch (frame.op) {
    case "welcome":
      return takeWelcome(state, frame);
    case "changes": {
      const known = state.conversations[frame.conversation];
      if (known && frame.memberships.some((one) => isMyEnd(state, one)))
        return without(state, frame.conversation);
      return takeMessages(state, frame.conversation, frame.messages, (it) =>
        rules.takeChanges(it, frame, me),
      );
    }
    case "event": {
      if (frame.type === "membership.changed" && isMyEnd(state, frame.membership)) {
        return endMembership(state, frame.conversation, frame.rev);
      }
      if (!state.conversations[frame.conversation]) return hearOf(state, frame.conversation);
      const messages = "message" in frame ? [frame.message] : [];
      return takeMessages(state, frame.conversation, messages, (it) => rules.takeEvent(it, frame, me));
    }
    case "ack":
      return outbox.takeAck(state, frame);
    case "nack":
      return outbox.takeNack(state, frame, now);
    case "receipt":
      return update(state, frame.conversation, (it) => rules.withRead(it, frame.account, frame.seq, me));
    case "typing":
      if (frame.account === me) return state;
      return update(state, frame.conversation, (it) => {
        return { ...it, typing: { ...it.typing, [frame.account]: now + TYPING_MS } };
      });
    case "presence": {
      const online = new Set(state.online);
      if (frame.state === "online") online.add(frame.account);
      else online.delete(frame.account);
      return { ...state, online };
    }
    case "account": {
      const { id, username, display_name } = frame.account;
      const names = { ...state.names, [id]: { username, display_name } };
      const mine = state.me?.id === id ? { ...state.me, ...frame.account } : state.me;
      return { ...state, names, me: mine };
    }
    case "membership":
      if (frame.state === "active" && frame.summary) return takeSummary(state, frame.summary);
      if (frame.state === "pending" && frame.request)
        return withRequest(state, frame.conversation, frame.request);
      return refuse(without(state, frame.conversation), state.requests[frame.conversation]);
    case "request":
      return update(state, frame.conversation, (it) =>
        takeRequest(it, frame.membership, frame.pending_count),
      );
    case "lag":
      return update(state, frame.conversation, (it) => ({ ...it, head: Math.max(it.head, frame.head) }));
    default:
      // A newer server may say more than we know.
      return state;
  }
}

function takeWelcome(state: State, welcome: Welcome): State {
  const me = welcome.account.id;
  // Another history, or another person: nothing of the copy holds.
  const isSame = state.epoch === welcome.epoch && state.me?.id === me;
  const before: State = isSame ? state : { ...state, conversations: {}, refused: {} };
  const listed = withListed({ ...before, me: welcome.account }, 0, welcome);
  const next: State = {
    ...listed,
    ready: true,
    epoch: welcome.epoch,
    unknown: [],
    requests: Object.fromEntries(welcome.requests.map((request) => [request.conversation_id, request])),
    online: new Set(welcome.online),
  };
  return outbox.takeBreak(next);
}

/** The next part of the list, unless it was begun anew meanwhile. */
function takeList(state: State, after: number, list: ConversationList): State {
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
    ...state,
    conversations,
    listedTo: list.has_more ? last : null,
    recent: state.recent.filter((id) => conversations[id]?.window || id === state.open),
    // What was meant for a conversation that is no longer ours can never be sent.
    outbox: state.outbox.filter((entry) => isKnown(entry.conversation)),
  };
}

function takeSummary(state: State, summary: ConversationSummary): State {
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

function takeMembership(state: State, membership: Membership): State {
  if (isMyEnd(state, membership)) return without(state, membership.conversation_id);
  const me = state.me?.id ?? 0;
  return update(state, membership.conversation_id, (it) => rules.withMembership(it, membership, me));
}

/** My membership ended with this change, unless it is an old one that was followed by my return. */
function endMembership(state: State, conversation: number, rev: number): State {
  const known = state.conversations[conversation];
  return known && rev > known.cursor ? without(state, conversation) : state;
}

function isMyEnd(state: State, membership: Membership): boolean {
  return (
    membership.account.id === state.me?.id && membership.state !== "active" && membership.state !== "pending"
  );
}

function takeRequest(conversation: Conversation, membership: Membership, count: number): Conversation {
  const others = conversation.pending?.filter((one) => one.account.id !== membership.account.id) ?? null;
  const pending = others && membership.state === "pending" ? [...others, membership] : others;
  return rules.withSummary({ ...conversation, pending }, { pending_count: count });
}

/** Keeps what I asked for and did not get, so that it can be told. */
function refuse(state: State, request: JoinRequest | undefined): State {
  if (!request) return state;
  return { ...state, refused: { ...state.refused, [request.conversation_id]: request } };
}

function withRequest(state: State, conversation: number, request: JoinRequest): State {
  if (state.conversations[conversation]) return state;
  const { [conversation]: _asksAgain, ...refused } = state.refused;
  return { ...state, refused, requests: { ...state.requests, [conversation]: request } };
}

function without(state: State, conversation: number): State {
  const { [conversation]: _gone, ...conversations } = state.conversations;
  const { [conversation]: _ended, ...requests } = state.requests;
  const { [conversation]: _told, ...refused } = state.refused;
  return {
    ...state,
    conversations,
    requests,
    refused,
    unknown: state.unknown.filter((id) => id !== conversation),
    recent: state.recent.filter((id) => id !== conversation),
    outbox: state.outbox.filter((entry) => entry.conversation !== conversation),
  };
}

function hearOf(state: State, conversation: number): State {
  if (state.unknown.includes(conversation) || state.unknown.length >= LOADED_MAX) return state;
  return { ...state, unknown: [...state.unknown, conversation] };
}

function open(state: State, conversation: number | null): State {
  const left = state.open;
  let next: State = { ...state, open: conversation };
  if (left !== null && left !== conversation) {
    next = update(next, left, (it) => rules.withWindow(it, it.window && shrink(it.window)));
  }
  if (conversation === null) return next;
  next = update(next, conversation, (it) => (it.trouble ? { ...it, trouble: null } : it));
  return remember(next, conversation);
}

/** Moves it to the front of those with a window; the last beyond the limit give theirs up. */
function remember(state: State, conversation: number): State {
  if (state.recent[0] === conversation) return state;
  const recent = [conversation, ...state.recent.filter((id) => id !== conversation)];
  const dropped = recent.splice(LOADED_MAX).filter((id) => id !== state.open);
  const next: State = { ...state, recent };
  return dropped.reduce((known, id) => update(known, id, (it) => rules.withWindow(it, null)), next);
}

function takeMessages(
  state: State,
  conversation: number,
  messages: readonly Message[],
  change: (conversation: Conversation) => Conversation,
): State {
  return outbox.arrived(update(state, conversation, change), messages);
}

function update(state: State, id: number, change: (conversation: Conversation) => Conversation): State {
  const known = state.conversations[id];
  if (!known) return state;
  const next = change(known);
  return next === known ? state : { ...state, conversations: { ...state.conversations, [id]: next } };
}

function each(state: State, change: (conversation: Conversation) => Conversation): State {
  return Object.keys(state.conversations).reduce((known, id) => update(known, Number(id), change), state);
}

function withoutOldTyping(conversation: Conversation, now: number): Conversation {
  const current = Object.entries(conversation.typing).filter(([, until]) => until > now);
  if (current.length === Object.keys(conversation.typing).length) return conversation;
  return { ...conversation, typing: Object.fromEntries(current) };
}
