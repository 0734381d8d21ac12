// Everything that can change the local copy.
import type { ServerFrame } from "../api/frames.ts";
import type {
  Changes,
  ConversationDetails,
  ConversationList,
  ConversationPreferences,
  ConversationSummary,
  JoinRequest,
  Me,
  Membership,
  Message,
  Page,
  Rev,
  Seq,
} from "../api/types.ts";
import type { Wish } from "./preferences.ts";
import type { Connection, Deletion, Outgoing } from "./state.ts";

/** Where a page of history belongs. `newest` and `around` replace the window. */
export const PAGE_KINDS = ["newest", "older", "newer", "around"] as const;
export type PageKind = (typeof PAGE_KINDS)[number];

export type Input =
  | { type: "frame"; frame: ServerFrame; now: number }
  | { type: "connection"; connection: Connection; now: number }
  // Answers of the HTTP API.
  | { type: "page"; conversation: number; kind: PageKind; page: Page }
  | { type: "page_failed"; conversation: number; code: string }
  | { type: "turn_failed"; conversation: number; kind: PageKind }
  | { type: "changes"; conversation: number; since: Rev; changes: Changes }
  | { type: "summary"; summary: ConversationSummary }
  | { type: "list"; after: number; list: ConversationList }
  | { type: "members"; conversation: number; memberships: readonly Membership[] }
  | { type: "pending"; conversation: number; memberships: readonly Membership[] }
  | { type: "message"; message: Message }
  | { type: "membership"; membership: Membership }
  | { type: "details"; details: ConversationDetails }
  | { type: "requested"; request: JoinRequest }
  | { type: "reload"; conversation: number }
  | { type: "gone"; conversation: number }
  | { type: "me"; me: Me }
  // The reader.
  | { type: "opened"; conversation: number | null }
  | { type: "following"; conversation: number; on: boolean }
  | { type: "read"; conversation: number; seq: Seq }
  | { type: "wish"; conversation: number; wish: Wish }
  /** `null`: it was refused. */
  | { type: "wish_answered"; conversation: number; wish: number; preferences: ConversationPreferences | null }
  // The outbox.
  | { type: "outgoing"; entry: Outgoing }
  | { type: "sending"; cid: string }
  | { type: "retry"; cid: string }
  | { type: "discard"; cid: string }
  // What I delete.
  | { type: "deletion"; entry: Deletion }
  | { type: "undelete"; message: number }
  /** `null`: all of them. */
  | { type: "delete_now"; message: number | null }
  | { type: "deletion_sent"; message: number }
  | { type: "deletion_over"; message: number }
  | { type: "deletion_later"; message: number; notBefore: number }
  | { type: "deletion_failed"; message: number; error: { code: string; detail: string } }
  // Time.
  | { type: "resume_late" }
  | { type: "tick"; now: number };
