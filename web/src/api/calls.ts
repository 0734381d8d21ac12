// The routes of `/api/v1` that the client uses, one function each. All may throw `ApiError`.
import { request } from "./http.ts";
import type {
  Account,
  AccountRecord,
  AuditEntry,
  Changes,
  ConversationDetails,
  ConversationList,
  ConversationPreferences,
  ConversationSummary,
  CreatedConversation,
  Identity,
  Inbox,
  Invite,
  InviteCard,
  Joined,
  Me,
  Membership,
  MembershipRole,
  MembershipState,
  Message,
  MessageEdit,
  Page,
  PreferencesChange,
  Provider,
  Registration,
  Seq,
  ServerInfo,
  Session,
  SignedIn,
  SignUp,
} from "./types.ts";

/** Members of one conversation that are asked for, at most: five pages. */
const MEMBERS_PAGE_LEN = 200;
const MEMBERS_PAGES_MAX = 5;

export const api = {
  server: () => request<ServerInfo>("GET", "/server"),
  updateServer: (change: { registration: Registration }) =>
    request<ServerInfo>("PATCH", "/server", { body: change }),

  setUp: (with_: SignUp & { code: string }) => request<SignedIn>("POST", "/setup", { body: with_ }),
  signUp: (with_: SignUp) => request<SignedIn>("POST", "/accounts", { body: with_ }),
  signIn: (login: string, password: string) =>
    request<SignedIn>("POST", "/sessions", { body: { login, password } }),
  signOut: () => request<void>("DELETE", "/sessions/current"),
  sessions: async () => (await request<{ sessions: Session[] }>("GET", "/sessions")).sessions,
  revokeSession: (id: number) => request<void>("DELETE", `/sessions/${id}`),

  me: () => request<Me>("GET", "/me"),
  updateMe: (change: { display_name?: string; email?: string; current_password?: string }) =>
    request<Me>("PATCH", "/me", { body: change }),
  changePassword: (current_password: string, new_password: string) =>
    request<void>("PUT", "/me/password", { body: { current_password, new_password } }),
  identities: async () => (await request<{ identities: Identity[] }>("GET", "/me/identities")).identities,
  linkIdentity: (provider: Provider, current_password: string) =>
    request<{ url: string }>("POST", `/me/identities/${provider}`, { body: { current_password } }),
  unlinkIdentity: (provider: Provider) => request<void>("DELETE", `/me/identities/${provider}`),
  findPeople: async (query: string, limit: number) =>
    (await request<{ accounts: Account[] }>("GET", "/accounts", { query: { query, limit } })).accounts,
  account: (id: number) => request<Account>("GET", `/accounts/${id}`),

  // For administrators.
  accountRecords: (query: string, after: number | null, limit: number) =>
    request<{ accounts: AccountRecord[]; has_more: boolean }>("GET", "/admin/accounts", {
      query: { query, after, limit },
    }),
  updateAccount: (id: number, change: { role?: Account["role"]; deactivated?: boolean }) =>
    request<Account>("PATCH", `/accounts/${id}`, { body: change }),
  endSessions: (id: number) => request<void>("DELETE", `/admin/accounts/${id}/sessions`),
  audit: (before: number | null, limit: number) =>
    request<{ entries: AuditEntry[]; has_more: boolean }>("GET", "/admin/audit", {
      query: { before, limit },
    }),

  conversations: (after: number) => request<ConversationList>("GET", "/conversations", { query: { after } }),
  conversation: (id: number) => request<ConversationSummary>("GET", `/conversations/${id}`),
  startDirect: (account_id: number) =>
    request<CreatedConversation>("POST", "/conversations", { body: { kind: "direct", account_id } }),
  makeRoom: (name: string, description: string) =>
    request<CreatedConversation>("POST", "/conversations", { body: { kind: "room", name, description } }),
  updateConversation: (id: number, change: { name?: string; description?: string; archived?: boolean }) =>
    request<ConversationDetails>("PATCH", `/conversations/${id}`, { body: change }),

  updatePreferences: (id: number, change: PreferencesChange) =>
    request<ConversationPreferences>("PATCH", `/conversations/${id}/preferences`, { body: change }),

  history: (id: number, from: { before?: Seq; after?: Seq }, limit: number) =>
    request<Page>("GET", `/conversations/${id}/messages`, { query: { ...from, limit } }),
  changes: (id: number, since: number) =>
    request<Changes>("GET", `/conversations/${id}/changes`, { query: { since } }),
  message: (id: number) => request<Message>("GET", `/messages/${id}`),
  editMessage: (id: number, body: string) => request<Message>("PATCH", `/messages/${id}`, { body: { body } }),
  /** What it said before, the oldest first. */
  edits: async (id: number) =>
    (await request<{ edits: MessageEdit[] }>("GET", `/messages/${id}/edits`)).edits,
  deleteMessage: (id: number) => request<Message>("DELETE", `/messages/${id}`, { keepalive: true }),
  react: (id: number, emoji: string, on: boolean) =>
    request<Message>(on ? "PUT" : "DELETE", `/messages/${id}/reactions/${encodeURIComponent(emoji)}`),

  /** `before`: `next` of the page before. */
  inbox: (before: string | null, limit: number) =>
    request<Inbox>("GET", "/inbox", { query: { before, limit } }),

  members,
  membersPage,
  approve: (id: number, account: number) =>
    request<Membership>("POST", `/conversations/${id}/members/${account}/approve`),
  deny: (id: number, account: number) =>
    request<Membership>("POST", `/conversations/${id}/members/${account}/deny`),
  setRole: (id: number, account: number, role: MembershipRole) =>
    request<Membership>("PATCH", `/conversations/${id}/members/${account}`, { body: { role } }),
  removeMember: (id: number, account: number) =>
    request<void>("DELETE", `/conversations/${id}/members/${account}`),
  leave: (id: number) => request<void>("DELETE", `/conversations/${id}/members/me`),
  ban: (id: number, account: number) => request<Membership>("PUT", `/conversations/${id}/bans/${account}`),
  unban: (id: number, account: number) => request<void>("DELETE", `/conversations/${id}/bans/${account}`),

  invites: async (id: number) =>
    (await request<{ invites: Invite[] }>("GET", `/conversations/${id}/invites`)).invites,
  makeInvite: (id: number, needs_approval: boolean, limits: InviteLimits = {}) =>
    request<Invite>("POST", `/conversations/${id}/invites`, { body: { needs_approval, ...limits } }),
  revokeInvite: (id: number, invite: number) =>
    request<void>("DELETE", `/conversations/${id}/invites/${invite}`),
  inviteCard: (code: string) => request<InviteCard>("GET", `/invites/${encodeURIComponent(code)}`),
  join: (code: string) => request<Joined>("POST", `/invites/${encodeURIComponent(code)}/join`),
};

/** What an invite is good for; absent: any number of uses, and the server's usual time. */
export interface InviteLimits {
  max_uses?: number;
  expires_in_s?: number;
}

/** By account id, those above `after`. */
function membersPage(
  id: number,
  state: MembershipState,
  from: { after?: number | undefined; limit: number },
) {
  return request<{ memberships: Membership[]; has_more: boolean }>("GET", `/conversations/${id}/members`, {
    query: { state, ...from },
  });
}

async function members(id: number, state: MembershipState): Promise<Membership[]> {
  const found: Membership[] = [];
  for (let page = 0; page < MEMBERS_PAGES_MAX; page += 1) {
    const from = { after: found.at(-1)?.account.id, limit: MEMBERS_PAGE_LEN };
    const list = await membersPage(id, state, from);
    found.push(...list.memberships);
    if (!list.has_more) break;
  }
  return found;
}
