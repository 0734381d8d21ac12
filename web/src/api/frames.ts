// What travels over the socket, in both directions: `crates/protocol/src/frame.rs` in TypeScript.
import type {
  Account,
  ConversationDetails,
  ConversationSummary,
  JoinRequest,
  Me,
  Membership,
  MembershipState,
  Message,
  Rev,
  Seq,
  Timestamp,
} from "./types.ts";

export interface Resume {
  epoch: string;
  cursors: Record<number, Rev>;
}

export type ClientFrame =
  | { op: "hello"; resume?: Resume }
  | { op: "send"; cid: string; conversation: number; body: string; reply_to: number | null }
  | { op: "read"; conversation: number; seq: Seq }
  | { op: "typing"; conversation: number }
  // Browsers hide the server's pings from scripts. Whatever the server answers to this shows that it is there:
  // today that is a nack without cid and ref.
  | { op: "ping" };

export interface Welcome {
  op: "welcome";
  account: Me;
  session: number;
  epoch: string;
  conversations: ConversationSummary[];
  requests: JoinRequest[];
  online: number[];
  ping_interval_ms: number;
  version: string;
}

export interface ChangesFrame {
  op: "changes";
  conversation: number;
  since: Rev;
  head: Rev;
  messages: Message[];
  memberships: Membership[];
  details: ConversationDetails | null;
  has_more: boolean;
}

export interface Ack {
  op: "ack";
  cid?: string;
  ref?: string;
  conversation: number | null;
  id: number | null;
  seq: Seq;
  rev: Rev;
  created_at?: Timestamp;
  dup: boolean;
}

export interface Nack {
  op: "nack";
  cid: string | null;
  ref: string | null;
  code: string;
  detail: string | null;
  final: boolean;
  retry_after_ms: number | null;
}

export type EventBody =
  | {
      type: "message.created" | "message.edited" | "message.deleted" | "message.reactions";
      message: Message;
    }
  | { type: "membership.changed"; membership: Membership }
  | { type: "conversation.changed"; details: ConversationDetails };

export type EventFrame = { op: "event"; conversation: number; rev: Rev } & EventBody;

export type ServerFrame =
  | Welcome
  | ChangesFrame
  | Ack
  | Nack
  | EventFrame
  | { op: "receipt"; conversation: number; account: number; seq: Seq }
  | { op: "typing"; conversation: number; account: number }
  | { op: "presence"; account: number; state: "online" | "offline" }
  | { op: "account"; account: Account }
  | {
      op: "membership";
      conversation: number;
      state: MembershipState;
      summary: ConversationSummary | null;
      request: JoinRequest | null;
    }
  | { op: "request"; conversation: number; membership: Membership; pending_count: number }
  | { op: "lag"; conversation: number; head: Rev }
  | { op: "goaway"; retry_ms: number };
