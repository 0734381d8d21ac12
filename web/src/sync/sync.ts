// The local copy at work: holds the state, keeps the connection, has fetched what the copy lacks, empties the
// outbox. No framework and no DOM: what it needs from the world is handed in.
import { asApiError } from "../api/problem.ts";
import type { ConversationSummary, Me, PreferencesChange, Seq } from "../api/types.ts";
import { apply } from "./apply.ts";
import { cidSource } from "./cid.ts";
import type { Clock } from "./clock.ts";
import { type Connect, createConnection } from "./connection.ts";
import { cursors } from "./conversation.ts";
import { createDeleting, type DeletionStorage, type Deletions } from "./deleting.ts";
import type { Input } from "./inputs.ts";
import { OUTBOX_LEN_MAX, PAGE_LEN, READ_EVERY_MS, RESUME_MS, TYPING_EVERY_MS } from "./limits.ts";
import { createPreferring } from "./preferring.ts";
import { createRequests, type SyncApi } from "./requests.ts";
import { createSending, type OutboxStorage } from "./sending.ts";
import { EMPTY, type Outgoing, type State } from "./state.ts";

export interface SyncDeps {
  me: Me;
  /** What was kept from before, of the same account. */
  kept?: State | null;
  api: SyncApi;
  connect: Connect;
  clock: Clock;
  /** 0 to 1. */
  random: () => number;
  /** Writes random bytes. */
  fill: (bytes: Uint8Array<ArrayBuffer>) => void;
  storage: OutboxStorage;
  deletionStorage: DeletionStorage;
  onSignedOut: () => void;
  /** The connection turned out to be somebody else's, who signed in in another window: this copy has ended. */
  onSomebodyElse: (me: Me) => void;
}

export interface Sync extends Deletions {
  state(): State;
  /** Calls after every change. Gives back how to stop. */
  subscribe(listener: () => void): () => void;
  start(isOnline: boolean): void;
  stop(): void;
  network(isOnline: boolean): void;
  nudge(): void;
  /** Takes in what another request answered. */
  take(input: Input): void;
  open(conversation: number | null): void;
  loadOlder(conversation: number): void;
  loadNewer(conversation: number): void;
  loadNewest(conversation: number): void;
  loadAround(conversation: number, seq: Seq): void;
  /** The older or newer page that did not come, at once. */
  turnAgain(conversation: number): void;
  following(conversation: number, on: boolean): void;
  read(conversation: number, seq: Seq): void;
  /** Says what was read and not said yet: the page may be about to go. */
  sayReads(): void;
  /** Shown at once. Fails if it was refused; then it is as before. */
  prefer(conversation: number, change: PreferencesChange): Promise<void>;
  typing(conversation: number): void;
  /** `false`: the outbox is full; nothing was taken. */
  send(conversation: number, body: string, replyTo: number | null): boolean;
  retry(cid: string): void;
  discard(cid: string): void;
}

export function createSync(deps: SyncDeps): Sync {
  const { clock, api } = deps;
  const cids = cidSource(deps.fill);
  const listeners = new Set<() => void>();
  const lastTyping = new Map<number, number>();
  const readTimers = new Map<number, () => void>();
  const timers = { typing: noop, resume: noop };
  let state: State = deps.kept ?? { ...EMPTY, me: deps.me };
  let isStopped = false;
  let isWorking = false;
  let isDirty = false;

  const requests = createRequests({
    api,
    clock,
    random: deps.random,
    state: () => state,
    dispatch,
    onSignedOut: signedOut,
  });

  const deleting = createDeleting({
    deleteMessage: api.deleteMessage,
    storage: deps.deletionStorage,
    clock,
    random: deps.random,
    state: () => state,
    dispatch,
    onSignedOut: signedOut,
  });

  const sending = createSending({
    storage: deps.storage,
    clock,
    state: () => state,
    dispatch,
    send: (frame) => connection.send(frame),
    reconnect: () => connection.reconnect(),
  });

  const preferring = createPreferring(api, dispatch);

  const connection = createConnection({
    connect: deps.connect,
    clock,
    random: deps.random,
    hello() {
      const { epoch, conversations } = state;
      if (!epoch) return { op: "hello" };
      return { op: "hello", resume: { epoch, cursors: cursors(Object.values(conversations)) } };
    },
    onFrame(frame) {
      const before = state;
      if (frame.op === "welcome" && frame.account.id !== deps.me.id) {
        // Nothing that was typed here may be sent in their name.
        stop();
        deps.onSomebodyElse(frame.account);
        return;
      }
      if (frame.op === "welcome") requests.forgive();
      if (frame.op === "ack" || frame.op === "nack") sending.answered();
      dispatch({ type: "frame", frame, now: clock.now() });
      if (frame.op === "welcome") sayWhatWasRead(before, frame.conversations);
    },
    onStatus(status) {
      sending.answered();
      timers.resume();
      if (status.phase === "live")
        timers.resume = clock.after(RESUME_MS, () => dispatch({ type: "resume_late" }));
      dispatch({ type: "connection", connection: status, now: clock.now() });
    },
    async isSignedIn() {
      try {
        await api.me();
        return true;
      } catch (error) {
        return !asApiError(error).isSignedOut;
      }
    },
    onSignedOut: signedOut,
  });

  function dispatch(input: Input): void {
    if (isStopped) return;
    const before = state;
    state = apply(state, input);
    if (state === before) return;
    if (state.outbox !== before.outbox) sending.keep(before.outbox, state.outbox);
    if (state.deletions !== before.deletions) deleting.keep(before.deletions, state.deletions);
    for (const listener of listeners) listener();
    work();
  }

  /** Does what the state asks for. It changes the state itself while it does, and then looks again. */
  function work(): void {
    isDirty = true;
    if (isWorking) return;
    isWorking = true;
    while (isDirty && !isStopped) {
      isDirty = false;
      requests.attend();
      sending.attend();
      deleting.attend();
      expire();
    }
    isWorking = false;
  }

  /** Has the signs of typing end when nobody repeats them. */
  function expire(): void {
    timers.typing();
    const expiries = Object.values(state.conversations).flatMap((it) => Object.values(it.typing));
    if (expiries.length === 0) return;
    const wait = Math.max(0, Math.min(...expiries) - clock.now());
    timers.typing = clock.after(wait, () => dispatch({ type: "tick", now: clock.now() }));
  }

  /** Read positions that were reached while there was no connection. */
  function sayWhatWasRead(before: State, conversations: readonly ConversationSummary[]): void {
    for (const { id, read_seq } of conversations) {
      const mine = before.conversations[id]?.summary.read_seq ?? 0;
      if (mine > read_seq && state.conversations[id]?.summary.read_seq === mine) sayRead(id);
    }
  }

  function sayRead(id: number): void {
    if (readTimers.has(id)) return;
    readTimers.set(
      id,
      clock.after(READ_EVERY_MS, () => sayReadNow(id)),
    );
  }

  function sayReadNow(id: number): void {
    readTimers.get(id)?.();
    readTimers.delete(id);
    const seq = state.conversations[id]?.summary.read_seq;
    if (seq !== undefined) connection.send({ op: "read", conversation: id, seq });
  }

  function loadOlder(id: number): void {
    const window = state.conversations[id]?.window;
    const first = window?.messages[0];
    if (window?.hasOlder && first) requests.turn(id, "older", { before: first.seq });
  }

  function loadNewer(id: number): void {
    const window = state.conversations[id]?.window;
    const last = window?.messages.at(-1);
    if (window?.hasNewer && last) requests.turn(id, "newer", { after: last.seq });
  }

  function signedOut(): void {
    if (isStopped) return;
    stop();
    deps.onSignedOut();
  }

  function stop(): void {
    isStopped = true;
    connection.stop();
    requests.stop();
    sending.stop();
    deleting.stop();
    for (const cancel of Object.values(timers)) cancel();
    for (const cancel of readTimers.values()) cancel();
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start(isOnline) {
      for (const entry of deps.storage.load()) {
        cids.startAbove(entry.cid);
        dispatch({ type: "outgoing", entry });
      }
      deleting.load();
      connection.start(isOnline);
    },
    stop,
    network: connection.network,
    nudge: connection.nudge,
    take: dispatch,
    open(conversation) {
      requests.forgive(conversation);
      dispatch({ type: "opened", conversation });
    },
    loadOlder,
    loadNewer,
    // Somebody asks for these two, and does not wait for the time of the next attempt.
    loadNewest(id) {
      requests.forgive(id);
      requests.turn(id, "newest", {});
    },
    loadAround(id, seq) {
      requests.forgive(id);
      requests.turn(id, "around", { after: Math.max(0, seq - PAGE_LEN / 2) });
    },
    turnAgain(id) {
      requests.forgive(id);
      if (state.conversations[id]?.stuck?.kind === "newer") loadNewer(id);
      else loadOlder(id);
    },
    following: (conversation, on) => dispatch({ type: "following", conversation, on }),
    read(id, seq) {
      const known = state.conversations[id]?.summary;
      if (!known || seq <= known.read_seq) return;
      dispatch({ type: "read", conversation: id, seq: Math.min(seq, known.last_seq) });
      sayRead(id);
    },
    sayReads() {
      for (const id of [...readTimers.keys()]) sayReadNow(id);
    },
    prefer: preferring,
    typing(id) {
      const now = clock.now();
      if (now - (lastTyping.get(id) ?? Number.NEGATIVE_INFINITY) < TYPING_EVERY_MS) return;
      lastTyping.set(id, now);
      connection.send({ op: "typing", conversation: id });
    },
    send(conversation, body, replyTo) {
      if (state.outbox.length >= OUTBOX_LEN_MAX) return false;
      // The message ends the sign of typing; what is typed next is said anew.
      lastTyping.delete(conversation);
      const createdAt = clock.now();
      const fresh = { state: "queued", attempts: 0, notBefore: 0, rev: 0, seq: 0, error: null } as const;
      const entry: Outgoing = { cid: cids.next(createdAt), conversation, body, replyTo, createdAt, ...fresh };
      dispatch({ type: "outgoing", entry });
      return true;
    },
    retry: (cid) => dispatch({ type: "retry", cid }),
    discard: (cid) => dispatch({ type: "discard", cid }),
    ...deleting.reader,
  };
}

function noop(): void {}
