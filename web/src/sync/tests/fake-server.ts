// A server in memory that keeps the promises of docs/protocol.md: seq without gaps, rev for every change, store then
// tell, cids for ever. Tests make it lose connections, drop events, refuse and restart.
import type { ClientFrame, EventBody, ServerFrame } from "../../api/frames.ts";
import { ApiError } from "../../api/problem.ts";
import type {
  ConversationDetails,
  ConversationKind,
  ConversationPreferences,
  ConversationSummary,
  ErrorCode,
  JoinRequest,
  Me,
  Membership,
  MembershipRole,
  MembershipState,
  Message,
  PreferencesChange,
} from "../../api/types.ts";
import type { Connect, LinkHandlers } from "../connection.ts";
import type { SyncApi } from "../requests.ts";

interface Room {
  details: ConversationDetails;
  messages: Message[];
  memberships: Map<number, Membership>;
  /** By account; who set nothing has what is usual. */
  preferences: Map<number, ConversationPreferences>;
  lastRev: number;
}

interface Socket {
  account: number;
  handlers: LinkHandlers;
  isOpen: boolean;
  isWelcomed: boolean;
}

const USUAL: ConversationPreferences = {
  notify: "usual",
  muted_until: null,
  favourite: false,
  unread_from: null,
};

const AT = "2026-11-21T10:00:00.000Z";

export class FakeServer {
  epoch = "first";
  isUp = true;
  changesMax = 100;
  /** Conversations in a welcome or a page of the list. */
  listMax = 100;
  /** Events to leave out on their way to the sockets. */
  dropEvents = 0;
  /** Acks to leave out. */
  dropAcks = 0;
  /** Answers that the next sends get instead of being stored. */
  refusals: { code: ErrorCode; final: boolean; retry_after_ms: number | null }[] = [];
  /** What the next deletions are refused with. */
  problems: ApiError[] = [];
  /** Answers to deletions and about preferences that get lost. */
  dropAnswers = 0;
  /** Every frame that clients sent, with who sent it. */
  heard: { account: number; frame: ClientFrame }[] = [];
  requests: string[] = [];
  signedOut = new Set<number>();
  private people = new Map<number, Me>();
  private rooms = new Map<number, Room>();
  private sockets: Socket[] = [];
  private nextId = 1;

  person(name: string): Me {
    const id = this.people.size + 1;
    const me: Me = {
      id,
      username: name.toLowerCase(),
      display_name: name,
      kind: "person",
      role: "member",
      created_at: AT,
      deactivated_at: null,
      email: null,
    };
    this.people.set(id, me);
    return me;
  }

  room(kind: ConversationKind, name: string, members: Me[]): number {
    const id = this.rooms.size + 1;
    const details = { id, kind, name, description: "", creator_id: members[0]?.id ?? null, rev: 1 };
    const room: Room = {
      details: { ...details, created_at: AT, archived_at: null },
      messages: [],
      memberships: new Map(),
      preferences: new Map(),
      lastRev: 1,
    };
    this.rooms.set(id, room);
    members.forEach((member, index) => {
      const role = index === 0 && kind === "room" ? "owner" : "member";
      room.memberships.set(member.id, this.membership(id, member.id, role, "active", 1));
    });
    return id;
  }

  // ——— what people do, by whatever way

  post(account: number, conversation: number, body: string, cid = `cid-${this.nextId}`): Message {
    const room = this.get(conversation);
    const known = room.messages.find((message) => message.cid === cid && message.author.id === account);
    if (known) return known;
    const mentions = [...this.people.values()]
      .filter((one) => body.includes(`@${one.username}`))
      .map(({ id }) => id);
    const message: Message = {
      id: this.nextId++,
      conversation_id: conversation,
      seq: room.messages.length + 1,
      rev: ++room.lastRev,
      author: this.author(account),
      dialect: null,
      cid,
      body,
      created_at: AT,
      edited_at: null,
      deleted_at: null,
      reply_to: null,
      reactions: [],
      mentions,
    };
    room.messages.push(message);
    const member = room.memberships.get(account);
    if (member) member.read_seq = message.seq;
    this.tell(conversation, message.rev, { type: "message.created", message });
    return message;
  }

  edit(id: number, body: string): Message {
    return this.amend(id, "message.edited", (message) => ({ ...message, body, edited_at: AT }));
  }

  remove(id: number): Message {
    return this.amend(id, "message.deleted", (message) => {
      return { ...message, body: null, deleted_at: AT, reactions: [], mentions: [] };
    });
  }

  react(id: number, account: number, emoji: string): Message {
    return this.amend(id, "message.reactions", (message) => {
      return { ...message, reactions: [...message.reactions, { emoji, accounts: [account] }] };
    });
  }

  rename(conversation: number, name: string): void {
    const room = this.get(conversation);
    room.details = { ...room.details, name, rev: ++room.lastRev };
    this.tell(conversation, room.lastRev, { type: "conversation.changed", details: room.details });
  }

  ask(account: number, conversation: number): void {
    const room = this.get(conversation);
    const membership = this.membership(conversation, account, "member", "pending", 0);
    room.memberships.set(account, membership);
    this.tellDeciders(room, membership);
    this.tellAccount(account, { ...this.notice(conversation, "pending"), request: this.request(room) });
  }

  setMembership(
    account: number,
    conversation: number,
    state: MembershipState,
    role: MembershipRole = "member",
  ): void {
    const room = this.get(conversation);
    const wasPending = room.memberships.get(account)?.state === "pending";
    const old = room.memberships.get(account)?.state;
    const membership = this.membership(conversation, account, role, state, ++room.lastRev);
    membership.read_seq = room.messages.length;
    const told = [...this.membersOf(room)];
    room.memberships.set(account, membership);
    if (state === "active" && old !== "active") {
      this.tellAccount(account, {
        ...this.notice(conversation, state),
        summary: this.summary(room, account),
      });
    }
    this.tell(conversation, room.lastRev, { type: "membership.changed", membership }, told);
    if (wasPending) this.tellDeciders(room, membership);
    if (state !== "active") this.tellAccount(account, this.notice(conversation, state));
  }

  /** As in General, where everybody is without a change of the room. */
  setMembershipQuietly(account: number, conversation: number): void {
    this.get(conversation).memberships.set(
      account,
      this.membership(conversation, account, "member", "active", 0),
    );
  }

  read(account: number, conversation: number, seq: number): void {
    const room = this.get(conversation);
    const member = room.memberships.get(account);
    if (!member || member.read_seq >= seq) return;
    member.read_seq = seq;
    for (const id of this.membersOf(room))
      this.tellAccount(id, { op: "receipt", conversation, account, seq });
  }

  prefer(account: number, conversation: number, change: PreferencesChange): ConversationPreferences {
    const room = this.get(conversation);
    const before = room.preferences.get(account) ?? USUAL;
    const preferences = { ...before, ...change };
    room.preferences.set(account, preferences);
    if (JSON.stringify(before) !== JSON.stringify(preferences)) {
      this.tellAccount(account, { op: "preferences", conversation, preferences });
    }
    return preferences;
  }

  // ——— the network

  connect(account: number): Connect {
    return (handlers) => {
      const socket: Socket = { account, handlers, isOpen: this.isUp, isWelcomed: false };
      if (!this.isUp || this.signedOut.has(account)) queueMicrotask(() => handlers.closed(1006));
      else {
        this.sockets.push(socket);
        queueMicrotask(() => socket.isOpen && handlers.opened());
      }
      return {
        send: (frame) => {
          if (socket.isOpen) queueMicrotask(() => this.hear(socket, JSON.parse(JSON.stringify(frame))));
        },
        close: () => this.forget(socket),
      };
    };
  }

  /** Ends all connections at once, as a broken network or a killed server would. */
  cut(code = 1006): void {
    for (const socket of [...this.sockets]) {
      this.forget(socket);
      socket.handlers.closed(code);
    }
  }

  /** Another history: the database was restored from a backup. */
  restore(epoch: string): void {
    this.epoch = epoch;
  }

  tellAccount(account: number, frame: ServerFrame): void {
    for (const socket of this.sockets) {
      if (socket.account === account && socket.isWelcomed) this.deliver(socket, frame);
    }
  }

  connections(): number {
    return this.sockets.length;
  }

  messages(conversation: number): readonly Message[] {
    return this.get(conversation).messages;
  }

  api(account: number): SyncApi {
    const asked = async (what: string) => {
      this.requests.push(what);
      await Promise.resolve();
      if (!this.isUp) throw new ApiError({ code: "network", title: "No answer." });
      if (this.signedOut.has(account))
        throw new ApiError({ code: "unauthenticated", title: "No.", status: 401 });
    };
    const room = (id: number) => {
      const found = this.rooms.get(id);
      if (found && this.membersOf(found).includes(account)) return found;
      throw new ApiError({ code: "not_a_member", title: "No such conversation.", status: 404 });
    };
    return {
      me: async () => {
        await asked("me");
        return this.who(account);
      },
      history: async (id, { before, after }, limit) => {
        await asked(`history ${id}`);
        const { messages, lastRev } = room(id);
        const some = messages.filter(
          ({ seq }) => seq < (before ?? Number.POSITIVE_INFINITY) && seq > (after ?? 0),
        );
        const page = after === undefined ? some.slice(-limit) : some.slice(0, limit);
        return copy({ messages: page, has_more: some.length > page.length, head: lastRev });
      },
      changes: async (id, since) => {
        await asked(`changes ${id} since ${since}`);
        return copy(this.changes(room(id), since));
      },
      conversations: async (after) => {
        await asked(`conversations after ${after}`);
        const rest = this.roomsOf(account).filter(({ details }) => details.id > after);
        const conversations = rest.slice(0, this.listMax).map((one) => this.summary(one, account));
        return copy({ conversations, requests: [], has_more: rest.length > conversations.length });
      },
      conversation: async (id) => {
        await asked(`conversation ${id}`);
        return copy(this.summary(room(id), account));
      },
      updatePreferences: async (id, change) => {
        await asked(`preferences ${id}`);
        room(id);
        const preferences = this.prefer(account, id, change);
        if (this.dropAnswers > 0) {
          this.dropAnswers -= 1;
          throw new ApiError({ code: "network", title: "No answer." });
        }
        return copy(preferences);
      },
      members: async (id, state) => {
        await asked(`members ${id} ${state}`);
        return copy([...room(id).memberships.values()].filter((one) => one.state === state));
      },
      deleteMessage: async (id) => {
        await asked(`delete ${id}`);
        const problem = this.problems.shift();
        if (problem) throw problem;
        const message = [...this.rooms.values()].flatMap((it) => it.messages).find((it) => it.id === id);
        const { messages } = room(message?.conversation_id ?? 0);
        const deleted = message?.deleted_at === null ? this.remove(id) : messages.find((it) => it.id === id);
        if (!deleted) throw new Error(`there is no message ${id}`);
        if (this.dropAnswers > 0) {
          this.dropAnswers -= 1;
          throw new ApiError({ code: "network", title: "No answer." });
        }
        return copy(deleted);
      },
    };
  }

  private hear(socket: Socket, frame: ClientFrame): void {
    if (!socket.isOpen) return;
    this.heard.push({ account: socket.account, frame });
    if (frame.op === "hello") this.welcome(socket, frame);
    else if (frame.op === "send") this.store(socket, frame);
    else if (frame.op === "read") this.read(socket.account, frame.conversation, frame.seq);
    else if (frame.op === "typing") {
      for (const id of this.membersOf(this.get(frame.conversation))) {
        if (id !== socket.account) this.tellAccount(id, { ...frame, account: socket.account });
      }
    } else if (frame.op === "ping") this.deliver(socket, { op: "pong" });
    else this.deliver(socket, { op: "nack", cid: null, ref: null, ...refusal("unknown_op") });
  }

  private welcome(socket: Socket, hello: ClientFrame & { op: "hello" }): void {
    const rooms = [...this.rooms.values()];
    const mine = this.roomsOf(socket.account);
    const asked = rooms.filter((room) => room.memberships.get(socket.account)?.state === "pending");
    socket.isWelcomed = true;
    this.deliver(socket, {
      op: "welcome",
      account: this.who(socket.account),
      session: 1,
      epoch: this.epoch,
      conversations: mine.slice(0, this.listMax).map((room) => this.summary(room, socket.account)),
      has_more: mine.length > this.listMax,
      requests: asked.map((room) => this.request(room)),
      online: [],
      ping_interval_ms: 25_000,
      version: "0",
    });
    if (hello.resume?.epoch !== this.epoch) return;
    for (const [id, since] of Object.entries(hello.resume.cursors ?? {})) {
      const room = mine.find((one) => one.details.id === Number(id));
      if (!room || room.lastRev <= since) continue;
      const { conversation: details, ...changes } = this.changes(room, since);
      this.deliver(socket, { op: "changes", conversation: room.details.id, since, details, ...changes });
    }
  }

  private store(socket: Socket, frame: ClientFrame & { op: "send" }): void {
    const refused = this.refusals.shift();
    if (refused) {
      this.deliver(socket, { op: "nack", cid: frame.cid, ref: null, detail: null, ...refused });
      return;
    }
    const dup = this.get(frame.conversation).messages.some((message) => message.cid === frame.cid);
    const { id, seq, rev, created_at } = this.post(socket.account, frame.conversation, frame.body, frame.cid);
    const { cid, conversation } = frame;
    if (this.dropAcks > 0) this.dropAcks -= 1;
    else this.deliver(socket, { op: "ack", cid, ref: null, conversation, id, seq, rev, created_at, dup });
  }

  private changes(room: Room, since: number) {
    const all = room.messages.filter((message) => message.rev > since).sort((a, b) => a.rev - b.rev);
    const messages = all.slice(0, this.changesMax);
    const has_more = all.length > messages.length;
    const head = has_more ? (messages.at(-1)?.rev ?? room.lastRev) : room.lastRev;
    const memberships = [...room.memberships.values()].filter((one) => one.rev > since && one.rev <= head);
    const changed = room.details.rev > since && room.details.rev <= head;
    return { messages, memberships, conversation: changed ? room.details : null, head, has_more };
  }

  private summary(room: Room, account: number): ConversationSummary {
    const member = room.memberships.get(account);
    const last = room.messages.at(-1) ?? null;
    const readSeq = member?.read_seq ?? 0;
    const unread = room.messages.filter((message) => message.seq > readSeq && message.author.id !== account);
    const decides = room.details.kind === "room" && member?.role !== "member";
    const waiting = [...room.memberships.values()].filter((one) => one.state === "pending").length;
    return {
      ...room.details,
      with: null,
      last_seq: last?.seq ?? 0,
      last_rev: room.lastRev,
      read_seq: readSeq,
      unread: (last?.seq ?? 0) - readSeq,
      unread_mentions: unread.filter((message) => message.mentions.includes(account)).length,
      role: member?.role ?? "member",
      pending_count: decides ? waiting : 0,
      preferences: room.preferences.get(account) ?? USUAL,
      last_message: last,
    };
  }

  private amend(id: number, type: EventBody["type"], to: (message: Message) => Message): Message {
    for (const room of this.rooms.values()) {
      const index = room.messages.findIndex((message) => message.id === id);
      const old = room.messages[index];
      if (!old) continue;
      const message = { ...to(old), rev: ++room.lastRev };
      room.messages[index] = message;
      this.tell(room.details.id, message.rev, { type, message } as EventBody);
      return message;
    }
    throw new Error(`there is no message ${id}`);
  }

  private tell(conversation: number, rev: number, body: EventBody, to?: number[]): void {
    if (this.dropEvents > 0) {
      this.dropEvents -= 1;
      return;
    }
    for (const id of to ?? this.membersOf(this.get(conversation))) {
      this.tellAccount(id, { op: "event", conversation, rev, ...body });
    }
  }

  private tellDeciders(room: Room, membership: Membership): void {
    const pending_count = [...room.memberships.values()].filter((one) => one.state === "pending").length;
    const frame = { op: "request", conversation: room.details.id, membership, pending_count } as const;
    for (const one of room.memberships.values())
      if (one.role !== "member") this.tellAccount(one.account.id, frame);
  }

  private notice(conversation: number, state: MembershipState) {
    return { op: "membership", conversation, state, summary: null, request: null } as const;
  }

  private request(room: Room): JoinRequest {
    const { id, name, description } = room.details;
    return { conversation_id: id, name: name ?? "", description, state: "pending" };
  }

  private membership(
    conversation_id: number,
    account: number,
    role: MembershipRole,
    state: MembershipState,
    rev: number,
  ): Membership {
    return { conversation_id, account: this.author(account), role, state, rev, read_seq: 0, joined_at: AT };
  }

  private roomsOf(account: number): Room[] {
    return [...this.rooms.values()].filter((room) => this.membersOf(room).includes(account));
  }

  private membersOf(room: Room): number[] {
    return [...room.memberships.values()]
      .filter((one) => one.state === "active")
      .map((one) => one.account.id);
  }

  private deliver(socket: Socket, frame: ServerFrame): void {
    const sent = copy(frame);
    queueMicrotask(() => socket.isOpen && socket.handlers.frame(sent));
  }

  private forget(socket: Socket): void {
    socket.isOpen = false;
    this.sockets = this.sockets.filter((other) => other !== socket);
  }

  private who(account: number): Me {
    const me = this.people.get(account);
    if (!me) throw new Error(`there is no account ${account}`);
    return me;
  }

  private author(account: number) {
    const { id, username, display_name, kind } = this.who(account);
    return { id, username, display_name, kind };
  }

  private get(conversation: number): Room {
    const room = this.rooms.get(conversation);
    if (!room) throw new Error(`there is no conversation ${conversation}`);
    return room;
  }
}

export function refusal(code: ErrorCode, final = true, retry_after_ms: number | null = null) {
  return { code, final, retry_after_ms, detail: null };
}

function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
