// The local copy: what this browser knows of the conversations it has open. Plain data that is never changed in
// place; `apply` makes the next one from an input.
import type { EventFrame } from "../api/frames.ts";
import type { ConversationSummary, JoinRequest, Me, Membership, Message, Rev, Seq } from "../api/types.ts";
import type { PageKind } from "./inputs.ts";
import { fromListed, type Preferring } from "./preferences.ts";

/** A run of messages without gaps, oldest first. */
export interface Window {
  messages: readonly Message[];
  hasOlder: boolean;
  /** The run does not reach the newest message: live ones are not added to it. */
  hasNewer: boolean;
}

export interface Conversation {
  /** As the sidebar shows it. `unread` is always `last_seq - read_seq`. */
  summary: ConversationSummary;
  /** The change up to which `summary` was counted; what is older must not be counted again. */
  summaryRev: Rev;
  summaryStale: boolean;
  /** Where `summary.preferences` come from. */
  preferring: Preferring;
  /** Everything up to this change is in the copy. */
  cursor: Rev;
  /** The newest change we have heard of. Above the cursor: we are behind. */
  head: Rev;
  /** Events that came while something before them was missing. */
  held: readonly EventFrame[];
  /** The server is about to send what we missed by itself. */
  resuming: boolean;
  /** How many times in a row there were more changes than fit. */
  catchUps: number;
  /** So far behind that the newest page replaces the window. */
  reload: boolean;
  window: Window | null;
  /** Why the window could not be loaded: an error code. */
  trouble: string | null;
  /** The page that the reader turned to and that did not come; a new object with every failure. */
  stuck: { kind: PageKind } | null;
  /** The reader is at the bottom: old messages may go to make room, not new ones. */
  following: boolean;
  /** Active members by account. */
  members: Readonly<Record<number, Membership>>;
  membersLoaded: boolean;
  /** Requests that wait; `null` until loaded. */
  pending: readonly Membership[] | null;
  /** Account → when the sign of typing expires. */
  typing: Readonly<Record<number, number>>;
}

export type Connection =
  | { phase: "connecting" }
  | { phase: "live" }
  | { phase: "waiting"; retryAt: number }
  | { phase: "offline" };

/** A message on its way. `stored`: acknowledged, and about to appear among the messages. */
export interface Outgoing {
  cid: string;
  conversation: number;
  body: string;
  replyTo: number | null;
  createdAt: number;
  state: "queued" | "sending" | "stored" | "failed";
  attempts: number;
  /** Not to be sent before this moment. */
  notBefore: number;
  /** Of a stored one. */
  rev: Rev;
  seq: Seq;
  /** Why it failed: an error code and a sentence. */
  error: { code: string; detail: string | null } | null;
}

/** A message that I deleted. `waiting`: I may take it back; `due`: no longer; `failed`: it is back, and why is told. */
export interface Deletion {
  message: number;
  conversation: number;
  seq: Seq;
  /** The history that it belongs to: in another one its number means another message. */
  epoch: string | null;
  /** When I deleted it. */
  at: number;
  state: "waiting" | "due" | "sending" | "failed";
  attempts: number;
  /** The server is not to be told before this moment. */
  notBefore: number;
  /** Why it failed: an error code and a sentence. */
  error: { code: string; detail: string } | null;
}

export interface State {
  /** `false` until the first welcome. */
  ready: boolean;
  me: Me | null;
  /** Which history this is; `null` while nothing is known, neither from a welcome nor from a kept copy. */
  epoch: string | null;
  connection: Connection;
  /** When the last connection ended: everything up to then is here. `null`: there was none. */
  heardAt: number | null;
  conversations: Readonly<Record<number, Conversation>>;
  /** The list of conversations is known up to this id; `null`: to its end. */
  listedTo: number | null;
  /** Conversations we heard of and know nothing about. */
  unknown: readonly number[];
  requests: Readonly<Record<number, JoinRequest>>;
  /** Requests that ended without letting me in, while this page was open. */
  refused: Readonly<Record<number, JoinRequest>>;
  online: ReadonlySet<number>;
  /** Names that changed since the messages were written, by account. */
  names: Readonly<Record<number, { username: string; display_name: string }>>;
  /** The conversation on the screen. */
  open: number | null;
  /** Conversations with a window, the one looked at last first. */
  recent: readonly number[];
  outbox: readonly Outgoing[];
  deletions: readonly Deletion[];
}

export const EMPTY: State = {
  ready: false,
  me: null,
  epoch: null,
  connection: { phase: "connecting" },
  heardAt: null,
  conversations: {},
  listedTo: null,
  unknown: [],
  requests: {},
  refused: {},
  online: new Set(),
  names: {},
  open: null,
  recent: [],
  outbox: [],
  deletions: [],
};

/** A conversation of which only the sidebar's line is known. */
export function fromSummary(summary: ConversationSummary): Conversation {
  return {
    summary,
    summaryRev: summary.last_rev,
    summaryStale: false,
    preferring: fromListed(summary.preferences),
    cursor: summary.last_rev,
    head: summary.last_rev,
    held: [],
    resuming: false,
    catchUps: 0,
    reload: false,
    window: null,
    trouble: null,
    stuck: null,
    following: true,
    members: {},
    membersLoaded: false,
    pending: null,
    typing: {},
  };
}

/** The message after which the new ones come: those that are unread, and those that I marked so. `null`: there are none. */
export function newAfterOf({ unread, read_seq, preferences }: ConversationSummary): Seq | null {
  const read = unread > 0 ? read_seq : null;
  if (!preferences.unread_from) return read;
  return Math.min(preferences.unread_from - 1, read ?? preferences.unread_from - 1);
}

/** Whether this member decides on requests and invites. */
export function decides(conversation: Conversation): boolean {
  return conversation.summary.kind === "room" && conversation.summary.role !== "member";
}

/** Whether something that happened is not in the copy yet. */
export function isBehind(conversation: Conversation): boolean {
  return conversation.reload || conversation.cursor < conversation.head;
}
