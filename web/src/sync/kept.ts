// What of the local copy is written down on the device, and the copy that a later start makes of it. It may be old, and
// parts of it may be older than others: each conversation has its cursor, so whatever is kept is brought up to date by
// the same resume as after a break of the connection.
import type { ConversationSummary, JoinRequest, Me, Membership, Message, Rev } from "../api/types.ts";
import { KEPT_LINES_MAX, KEPT_MAX } from "./limits.ts";
import { type Conversation, EMPTY, fromSummary, type State } from "./state.ts";
import { shrink } from "./window.ts";

/** What was written in another shape is not read. To be raised with every change of what is below. */
const SHAPE = 2;

/** Everything but the messages. */
export interface KeptHead {
  shape: number;
  me: Me;
  epoch: string;
  heardAt: number | null;
  summaries: readonly ConversationSummary[];
  requests: readonly JoinRequest[];
  /** Conversations whose messages are kept, the one looked at last first. */
  recent: readonly number[];
}

/** One conversation with its newest messages, whole in itself. */
export interface KeptTalk {
  shape: number;
  account: number;
  epoch: string;
  summary: ConversationSummary;
  summaryRev: Rev;
  cursor: Rev;
  messages: readonly Message[];
  hasOlder: boolean;
  members: readonly Membership[];
  membersLoaded: boolean;
}

/** `null`: nothing is known that could be kept. */
export function keptHead(state: State, now: number): KeptHead | null {
  const { me, epoch, conversations, requests, connection } = state;
  if (!me || !epoch) return null;
  const summaries = Object.values(conversations).slice(0, KEPT_LINES_MAX);
  return {
    shape: SHAPE,
    me,
    epoch,
    heardAt: connection.phase === "live" ? now : state.heardAt,
    summaries: summaries.map((it) => withNamesOf(state, it.summary)),
    requests: Object.values(requests),
    recent: keptIds(state),
  };
}

/** The conversations that are kept with their messages. */
export function keptIds(state: State): number[] {
  const isKept = (it: Conversation | undefined) => it?.window && !it.window.hasNewer && !it.reload;
  return state.recent.filter((id) => isKept(state.conversations[id])).slice(0, KEPT_MAX);
}

/** Only for one of `keptIds`. */
export function keptTalk(state: State, id: number): KeptTalk | null {
  const it = state.conversations[id];
  const window = it?.window && shrink(it.window);
  if (!it || !window || !state.me || !state.epoch) return null;
  return {
    shape: SHAPE,
    account: state.me.id,
    epoch: state.epoch,
    summary: withNamesOf(state, it.summary),
    summaryRev: it.summaryRev,
    cursor: it.cursor,
    messages: window.messages.map((message) => named(state, message)),
    hasOlder: window.hasOlder,
    members: Object.values(it.members),
    membersLoaded: it.membersLoaded,
  };
}

/** The copy to begin with. `null`: it is somebody else's, or of a shape that is not known. */
export function restored(account: number, head: KeptHead, talks: readonly KeptTalk[]): State | null {
  const { me, epoch, heardAt, summaries, requests, recent } = head;
  if (head.shape !== SHAPE || me.id !== account) return null;
  const conversations = Object.fromEntries(summaries.map((summary) => [summary.id, fromSummary(summary)]));
  for (const talk of talks) {
    const { id } = talk.summary;
    const fits = talk.shape === SHAPE && talk.account === account && talk.epoch === epoch;
    if (fits && conversations[id] && recent.includes(id)) conversations[id] = conversationOf(talk);
  }
  return {
    ...EMPTY,
    me,
    epoch,
    heardAt,
    conversations,
    requests: Object.fromEntries(requests.map((request) => [request.conversation_id, request])),
    recent: recent.filter((id) => conversations[id]?.window),
  };
}

function conversationOf(talk: KeptTalk): Conversation {
  const { summary, summaryRev, cursor, messages, hasOlder, members, membersLoaded } = talk;
  return {
    ...fromSummary(summary),
    summaryRev,
    cursor,
    head: cursor,
    window: { messages, hasOlder, hasNewer: false },
    members: Object.fromEntries(members.map((one) => [one.account.id, one])),
    membersLoaded,
  };
}

/** The names that people have now are written into what they wrote: the list of changed names itself is not kept,
 * because a later one would be older than what comes then. */
function named(state: State, message: Message): Message {
  const name = state.names[message.author.id];
  return name ? { ...message, author: { ...message.author, ...name } } : message;
}

function withNamesOf(state: State, summary: ConversationSummary): ConversationSummary {
  const { last_message: last, with: other } = summary;
  const name = other && state.names[other.id];
  return {
    ...summary,
    last_message: last && named(state, last),
    with: name ? { ...other, ...name } : other,
  };
}
