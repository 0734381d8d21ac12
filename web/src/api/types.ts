// The nouns of the API under short names, from the types that are made of the server's own document.
import type { components } from "./schema.gen.ts";

type Schemas = components["schemas"];

/** As it arrives: the document calls a field that can be null optional, but the server always sends it. */
export type Answer<T> = T extends (infer Item)[]
  ? Answer<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Answer<T[Key]> }
    : T;

/** The number of a message in its conversation: 1, 2, 3, without gaps. 0 stands for "before the first". */
export type Seq = number;
/** The number of a change in its conversation. */
export type Rev = number;

export type Author = Answer<Schemas["Author"]>;
export type Account = Answer<Schemas["Account"]>;
export type AccountRecord = Answer<Schemas["AccountRecord"]>;
export type AuditEntry = Answer<Schemas["AuditEntry"]>;
export type Me = Answer<Schemas["Me"]>;

export type Message = Answer<Schemas["Message"]>;
export type MessageEdit = Answer<Schemas["MessageEdit"]>;
export type Page = Answer<Schemas["Page"]>;
export type Changes = Answer<Schemas["Changes"]>;

export type ConversationKind = Schemas["ConversationKind"];
export type ConversationDetails = Answer<Schemas["ConversationDetails"]>;
export type Notify = Schemas["Notify"];
export type ConversationPreferences = Answer<Schemas["ConversationPreferences"]>;
/** What is absent stays as it is. `muted_until: null` ends it. */
export type PreferencesChange = Partial<ConversationPreferences>;
export type ConversationSummary = Answer<Schemas["ConversationSummary"]>;
export type ConversationList = Answer<Schemas["ConversationList"]>;
export type CreatedConversation = { conversation: ConversationSummary; invite?: Invite };

export type MembershipState = Schemas["MembershipState"];
export type MembershipRole = Schemas["MembershipRole"];
export type Membership = Answer<Schemas["Membership"]>;
export type JoinRequest = Answer<Schemas["JoinRequest"]>;

/** `code` and `url` only in the answer that made it. */
export type Invite = Answer<Omit<Schemas["Invite"], "code" | "url">> & { code?: string; url?: string };
export type InviteCard = Answer<Schemas["InviteCard"]>;
export type Joined = Answer<Schemas["Joined"]>;

export type Inbox = Answer<Schemas["Inbox"]>;
export type InboxItem = Answer<Schemas["InboxItem"]>;

export type Session = Answer<Schemas["Session"]>;
export type SignedIn = Answer<Schemas["SignedIn"]>;
export type SignUp = Schemas["SignUp"];
export type Registration = Schemas["Registration"];
export type Provider = Schemas["Provider"];
export type Identity = Answer<Schemas["Identity"]>;
export type ServerInfo = Answer<Schemas["ServerInfo"]>;

/** `application/problem+json`. */
export type Problem = Schemas["Problem"];
export type ErrorCode = Schemas["ErrorCode"];
