// The nouns of the API and the frames of the socket, as they travel: `crates/protocol` in TypeScript.

/** The number of a message in its conversation: 1, 2, 3, without gaps. 0 stands for "before the first". */
export type Seq = number;
/** The number of a change in its conversation. */
export type Rev = number;
export type Timestamp = string;

export type AccountKind = "person" | "bot" | "guest";
export type AccountRole = "member" | "administrator";

export interface Author {
  id: number;
  username: string;
  display_name: string;
  kind: AccountKind;
}

export interface Account extends Author {
  role: AccountRole;
  created_at: Timestamp;
  deactivated_at: Timestamp | null;
}

export interface Me extends Account {
  email: string | null;
}

export interface Reaction {
  emoji: string;
  accounts: number[];
}

export interface Message {
  id: number;
  conversation_id: number;
  seq: Seq;
  rev: Rev;
  author: Author;
  cid: string;
  body: string | null;
  created_at: Timestamp;
  edited_at: Timestamp | null;
  deleted_at: Timestamp | null;
  reply_to: number | null;
  reactions: Reaction[];
  mentions: number[];
}

export type MembershipState = "pending" | "active" | "left" | "banned";
export type MembershipRole = "member" | "moderator" | "owner";

export interface Membership {
  conversation_id: number;
  account: Author;
  role: MembershipRole;
  state: MembershipState;
  rev: Rev;
  read_seq: Seq;
  joined_at: Timestamp;
}

export type ConversationKind = "general" | "direct" | "room";

export interface ConversationDetails {
  id: number;
  kind: ConversationKind;
  name: string | null;
  description: string;
  creator_id: number | null;
  rev: Rev;
  created_at: Timestamp;
  archived_at: Timestamp | null;
}

export interface ConversationSummary extends ConversationDetails {
  with: Author | null;
  last_seq: Seq;
  last_rev: Rev;
  read_seq: Seq;
  unread: number;
  unread_mentions: number;
  role: MembershipRole;
  pending_count: number;
  last_message: Message | null;
}

export interface JoinRequest {
  conversation_id: number;
  name: string;
  description: string;
  state: MembershipState;
}

export interface Page {
  messages: Message[];
  has_more: boolean;
  head: Rev;
}

export interface Changes {
  messages: Message[];
  memberships: Membership[];
  conversation: ConversationDetails | null;
  head: Rev;
  has_more: boolean;
}

export interface Session {
  id: number;
  current: boolean;
  user_agent: string | null;
  ip: string | null;
  created_at: Timestamp;
  last_seen_at: Timestamp;
  expires_at: Timestamp;
}

export interface Invite {
  id: number;
  conversation_id: number;
  created_by: number;
  needs_approval: boolean;
  max_uses: number | null;
  uses: number;
  created_at: Timestamp;
  expires_at: Timestamp | null;
  revoked_at: Timestamp | null;
  code?: string;
  url?: string;
}

export interface InviteCard {
  conversation_id: number;
  name: string;
  description: string;
  needs_approval: boolean;
  state: MembershipState | null;
}

export interface Joined {
  state: MembershipState;
  conversation_id: number;
  conversation: ConversationSummary | null;
}

export type Registration = "open" | "invite" | "closed";

export interface ServerInfo {
  name: string;
  version: string;
  registration: Registration;
  message_chars_max: number;
  password_chars_min: number;
}

export interface SignUp {
  username: string;
  password: string;
  email?: string;
  display_name?: string;
  invite?: string;
}

export interface SignedIn {
  account: Me;
  expires_at: Timestamp;
}

export interface CreatedConversation {
  conversation: ConversationSummary;
  invite?: Invite;
}

/** `application/problem+json`. */
export interface Problem {
  title: string;
  status: number;
  code: string;
  detail?: string;
  field?: string;
  retry_after_ms?: number;
  request_id: string;
}
