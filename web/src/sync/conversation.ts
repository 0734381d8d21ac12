// How one conversation of the copy follows what happens in it. The rules of `rev`: at or below the cursor, drop;
// the next one, apply; above, hold it and have the changes fetched. Every function gives the next state.
import type { ChangesFrame, EventFrame } from "../api/frames.ts";
import type { ConversationSummary, Membership, Message, Page, Rev, Seq } from "../api/types.ts";
import type { PageKind } from "./inputs.ts";
import { CATCH_UPS_MAX, HELD_MAX, MEMBERS_MAX } from "./limits.ts";
import * as preferences from "./preferences.ts";
import { type Conversation, fromSummary, type Window } from "./state.ts";
import { append, fromPage, merge, prepend } from "./window.ts";

/** A live event, in or out of its turn. */
export function takeEvent(conversation: Conversation, event: EventFrame, me: number): Conversation {
  if (event.rev <= conversation.cursor) return conversation;
  if (event.rev > conversation.cursor + 1) {
    const held = conversation.held.length < HELD_MAX ? [...conversation.held, event] : [];
    return { ...conversation, held, head: Math.max(conversation.head, event.rev) };
  }
  return release(applyEvent(conversation, event, me), me);
}

/** Changes since a cursor, from the socket or fetched. */
export function takeChanges(conversation: Conversation, changes: ChangesFrame, me: number): Conversation {
  // Without a window, nothing but the sidebar's line could be brought up to date, and that is fetched whole.
  if (!conversation.window) return { ...conversation, resuming: false, summaryStale: true };
  // They begin above our cursor: what lies between is missing, so they cannot be used.
  if (changes.since > conversation.cursor) return { ...conversation, resuming: false };
  let next: Conversation = { ...conversation, resuming: false };
  if (changes.details) next = withSummary(next, changes.details);
  for (const membership of changes.memberships) next = withMembership(next, membership, me);
  next = withMessages(next, changes.messages, me, changes.head);
  // What lies above the head of an incomplete answer is at least one more change.
  const head = Math.max(next.head, changes.head + (changes.has_more ? 1 : 0));
  next = { ...counted(next, changes.head), cursor: Math.max(next.cursor, changes.head), head };
  next = changes.has_more
    ? { ...next, catchUps: next.catchUps + 1, reload: next.reload || next.catchUps + 1 >= CATCH_UPS_MAX }
    : { ...next, catchUps: 0 };
  return release(next, me);
}

/** A page of history. */
export function takePage(conversation: Conversation, page: Page, kind: PageKind, me: number): Conversation {
  const known = conversation.window;
  const afresh = kind === "newest" && conversation.reload;
  let window = known;
  if (kind === "newest") window = fromPage(page, afresh ? null : known, page.has_more, false);
  else if (kind === "around") window = fromPage(page, known, (page.messages[0]?.seq ?? 1) > 1, page.has_more);
  else if (known) window = kind === "older" ? prepend(known, page) : append(known, page);
  // A page that was read before events which we applied already lacks them: go back to where it stands and fetch
  // the changes from there. A page that is ahead is no reason to skip the events that are still on their way.
  const cursor = afresh ? page.head : Math.min(conversation.cursor, page.head);
  const head = Math.max(conversation.head, afresh ? page.head : conversation.cursor);
  let next: Conversation = { ...conversation, window, cursor, head, trouble: null, stuck: null };
  if (afresh) {
    const unsure = { members: {}, membersLoaded: false, pending: null, summaryStale: true };
    next = { ...next, ...unsure, reload: false, catchUps: 0 };
  }
  const last = page.messages.at(-1);
  if (kind === "newest" && last) next = withLast(next, last);
  return release(countMentions(next, me), me);
}

/** The sidebar's line as the server counts it now. */
export function takeSummary(
  conversation: Conversation,
  summary: ConversationSummary,
  me: number,
): Conversation {
  const readSeq = Math.max(summary.read_seq, conversation.summary.read_seq);
  let next: Conversation = {
    ...conversation,
    summary: withUnread({ ...summary, read_seq: readSeq }),
    summaryRev: Math.max(summary.last_rev, conversation.summaryRev),
    summaryStale: false,
    pending: summary.role === conversation.summary.role ? conversation.pending : null,
  };
  // Where no messages are held, the line is all there is to bring up to date. Otherwise the line may be ahead of
  // the messages for a moment: their events are on the way.
  if (!next.window) {
    const cursor = Math.max(next.cursor, summary.last_rev);
    next = { ...next, cursor, head: Math.max(next.head, cursor) };
  }
  next = preferences.take(next, summary.preferences);
  return release(countMentions(next, me), me);
}

/** What the welcome of a new connection says about a conversation that was held over the break. */
export function resume(
  known: Conversation | undefined,
  summary: ConversationSummary,
  me: number,
): Conversation {
  if (!known) return fromSummary(summary);
  // What I have read here and could not say yet stays read.
  if (!known.window) {
    const next = { ...fromSummary(summary), preferring: known.preferring };
    return withRead(preferences.take(next, summary.preferences), me, known.summary.read_seq, me);
  }
  const behind = known.cursor < summary.last_rev;
  const unsure = { held: [], typing: {}, pending: null, membersLoaded: false, head: summary.last_rev };
  const next = takeSummary({ ...known, ...unsure }, summary, me);
  // A cursor from the future cannot come from this history.
  return {
    ...next,
    resuming: behind && !known.reload,
    reload: known.reload || known.cursor > summary.last_rev,
  };
}

/** The cursors that a new connection asks to resume from. */
export function cursors(conversations: readonly Conversation[]): Record<number, Rev> {
  const found = conversations.filter((conversation) => conversation.window && !conversation.reload);
  return Object.fromEntries(found.map((conversation) => [conversation.summary.id, conversation.cursor]));
}

/** Somebody's position: mine moves the unread count, everyone's the "read by". Reading goes forward only. */
export function withRead(conversation: Conversation, account: number, seq: Seq, me: number): Conversation {
  let next = conversation;
  const member = next.members[account];
  if (member && member.read_seq < seq) {
    next = { ...next, members: { ...next.members, [account]: { ...member, read_seq: seq } } };
  }
  if (account !== me || seq <= next.summary.read_seq) return next;
  return countMentions(withSummary(next, { read_seq: seq }), me);
}

/** One message as it is now, outside of the order of changes: the cursor stays. */
export function withMessage(conversation: Conversation, message: Message, me: number): Conversation {
  return withMessages(conversation, [message], me, 0);
}

/** The conversation as it is kept when nobody looks at it: with a shorter window, or with the sidebar's line only. */
export function withWindow(conversation: Conversation, window: Window | null): Conversation {
  const kept = { ...conversation, window, following: true };
  return window ? kept : { ...kept, reload: false, resuming: false, catchUps: 0 };
}

/** One membership as it is now. */
export function withMembership(conversation: Conversation, membership: Membership, me: number): Conversation {
  const id = membership.account.id;
  const known = conversation.members[id];
  if (known && known.rev > membership.rev) return conversation;
  const members = { ...conversation.members };
  delete members[id];
  if (membership.state === "active" && Object.keys(members).length < MEMBERS_MAX) {
    members[id] = { ...membership, read_seq: Math.max(membership.read_seq, known?.read_seq ?? 0) };
  }
  const pending = conversation.pending?.filter((request) => request.account.id !== id) ?? null;
  const next = { ...conversation, members, pending };
  if (id !== me || membership.state !== "active" || membership.role === next.summary.role) return next;
  // A new role changes what the server counts for me.
  return { ...withSummary(next, { role: membership.role }), summaryStale: true, pending: null };
}

export function withSummary(conversation: Conversation, change: Partial<ConversationSummary>): Conversation {
  const summary = { ...conversation.summary, ...change };
  const lastRev = Math.max(conversation.summary.last_rev, summary.rev);
  return { ...conversation, summary: withUnread({ ...summary, last_rev: lastRev }) };
}

function applyEvent(conversation: Conversation, event: EventFrame, me: number): Conversation {
  let next = conversation;
  if (event.type === "membership.changed") next = withMembership(next, event.membership, me);
  else if (event.type === "conversation.changed") next = withSummary(next, event.details);
  else if (event.message) next = withMessages(next, [event.message], me, event.rev);
  // An event of a type that a later server invented still takes its number.
  return { ...counted(next, event.rev), cursor: event.rev, head: Math.max(next.head, event.rev) };
}

/** The sidebar's line contains everything up to this change. */
function counted(conversation: Conversation, rev: Rev): Conversation {
  const last_rev = Math.max(conversation.summary.last_rev, rev);
  const summaryRev = Math.max(conversation.summaryRev, rev);
  return { ...conversation, summaryRev, summary: { ...conversation.summary, last_rev } };
}

/** Applies what was held, as far as it follows on now. */
function release(conversation: Conversation, me: number): Conversation {
  let next = conversation;
  while (next.held.length > 0) {
    const [event, ...held] = next.held;
    if (!event || event.rev > next.cursor + 1) break;
    next = { ...next, held };
    if (event.rev === next.cursor + 1) next = applyEvent(next, event, me);
  }
  return next;
}

function withMessages(
  conversation: Conversation,
  messages: readonly Message[],
  me: number,
  rev: Rev,
): Conversation {
  if (messages.length === 0) return conversation;
  let next = conversation;
  if (next.window) next = { ...next, window: merge(next.window, messages, next.following) };
  let mentions = next.summary.unread_mentions;
  let uncertain = false;
  for (const message of messages) {
    const isNew = message.seq > next.summary.last_seq;
    next = withLast(next, message);
    if (message.author.id in next.typing) next = withoutTyping(next, message.author.id);
    // Posting reads up to there.
    next = withRead(next, message.author.id, message.seq, me);
    next = meet(next, message.author.id);
    const isMine = message.author.id === me;
    if (!isMine && rev > next.summaryRev && message.seq > next.summary.read_seq) {
      if (isNew && message.mentions.includes(me)) mentions += 1;
      // Whether an older one named me before it was edited is not known here.
      if (!isNew) uncertain = true;
    }
  }
  if (next.summary.read_seq < next.summary.last_seq) next = withSummary(next, { unread_mentions: mentions });
  next = countMentions(next, me);
  return uncertain && !isCovered(next) ? { ...next, summaryStale: true } : next;
}

/** General has no joining: who speaks there and is not in the list came after it was fetched. */
export function meet(conversation: Conversation, account: number): Conversation {
  const { members, membersLoaded, summary } = conversation;
  const isComplete = membersLoaded && Object.keys(members).length < MEMBERS_MAX;
  if (summary.kind !== "general" || !isComplete || account in members) return conversation;
  return { ...conversation, membersLoaded: false };
}

/** The last message and its number, if this one is as new. */
function withLast(conversation: Conversation, message: Message): Conversation {
  const { last_seq, last_message } = conversation.summary;
  if (message.seq < last_seq) return conversation;
  if (last_message?.id === message.id && last_message.rev >= message.rev) return conversation;
  return withSummary(conversation, { last_seq: message.seq, last_message: message });
}

function withoutTyping(conversation: Conversation, account: number): Conversation {
  const typing = { ...conversation.typing };
  delete typing[account];
  return { ...conversation, typing };
}

/** Counts the unread messages that name me, where the window holds all of them. */
function countMentions(conversation: Conversation, me: number): Conversation {
  const { read_seq, last_seq, unread_mentions } = conversation.summary;
  let count = unread_mentions;
  if (read_seq >= last_seq) count = 0;
  else if (isCovered(conversation)) {
    const unread = conversation.window?.messages.filter((message) => message.seq > read_seq) ?? [];
    count = unread.filter((message) => message.author.id !== me && message.mentions.includes(me)).length;
  }
  return count === unread_mentions ? conversation : withSummary(conversation, { unread_mentions: count });
}

/** Whether the window holds every unread message. */
function isCovered({ window, summary }: Conversation): boolean {
  if (!window || window.hasNewer) return false;
  const first = window.messages[0]?.seq ?? summary.last_seq + 1;
  const last = window.messages.at(-1)?.seq ?? 0;
  return first <= summary.read_seq + 1 && last === summary.last_seq;
}

function withUnread(summary: ConversationSummary): ConversationSummary {
  return { ...summary, unread: summary.last_seq - summary.read_seq };
}
