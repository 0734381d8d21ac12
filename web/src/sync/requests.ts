// Fetches what the copy lacks and the pages that the reader turns to: one request of a kind at a time, and after an
// answer or a failure only when its time has come.
import { type ApiError, asApiError } from "../api/problem.ts";
import type {
  Changes,
  ConversationList,
  ConversationPreferences,
  ConversationSummary,
  Me,
  Membership,
  MembershipState,
  Message,
  Page,
  PreferencesChange,
  Seq,
} from "../api/types.ts";
import { retryDelay } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import { type Input, PAGE_KINDS, type PageKind } from "./inputs.ts";
import { AGAIN_MS, BEGIN_AT_UNREAD_MAX, PAGE_LEN, READ_BEFORE_LEN } from "./limits.ts";
import { newAfterOf, type State } from "./state.ts";
import { keyOf, type Want, wants } from "./wants.ts";

/** The requests that the copy makes. All may throw `ApiError`. */
export interface SyncApi {
  me(): Promise<Me>;
  history(id: number, from: { before?: Seq; after?: Seq }, limit: number): Promise<Page>;
  changes(id: number, since: number): Promise<Changes>;
  conversations(after: number): Promise<ConversationList>;
  conversation(id: number): Promise<ConversationSummary>;
  updatePreferences(id: number, change: PreferencesChange): Promise<ConversationPreferences>;
  members(id: number, state: MembershipState): Promise<Membership[]>;
  deleteMessage(id: number): Promise<Message>;
}

export interface RequestsDeps {
  api: SyncApi;
  clock: Clock;
  /** 0 to 1. */
  random: () => number;
  state: () => State;
  dispatch: (input: Input) => void;
  onSignedOut: () => void;
}

export interface Requests {
  /** Asks for everything that the copy lacks now and that is not being asked for. */
  attend(): void;
  /** A page that the reader goes to. */
  turn(conversation: number, kind: PageKind, from: { before?: Seq; after?: Seq }): void;
  /** Earlier failures say nothing about now: of one conversation's pages, or of everything. */
  forgive(conversation?: number | null): void;
  stop(): void;
}

export function createRequests(deps: RequestsDeps): Requests {
  const { api, clock, dispatch } = deps;
  const underWay = new Set<string>();
  // When a request may be made again, and how often it failed in a row.
  const pauses = new Map<string, { failures: number; notBefore: number }>();
  let cancelTimer = () => {};
  let isStopped = false;

  function attend(): void {
    for (const want of wants(deps.state())) {
      request(keyOf(want), want.conversation, AGAIN_MS, () => answer(want));
    }
  }

  async function answer(want: Want): Promise<Input> {
    const { kind, conversation } = want;
    switch (kind) {
      case "page":
        return firstPage(conversation);
      case "changes": {
        const { since } = want;
        return { type: kind, conversation, since, changes: await api.changes(conversation, since) };
      }
      case "summary":
        return { type: kind, summary: await api.conversation(conversation) };
      case "list":
        return { type: kind, after: conversation, list: await api.conversations(conversation) };
      case "members":
        return { type: kind, conversation, memberships: await api.members(conversation, "active") };
      case "pending":
        return { type: kind, conversation, memberships: await api.members(conversation, "pending") };
    }
  }

  /** The newest messages; or, when some of the unread ones would not be on that page, those around the first unread. */
  function firstPage(id: number): Promise<Input> {
    const known = deps.state().conversations[id];
    const newAfter = known && newAfterOf(known.summary);
    if (!known || typeof newAfter !== "number") return page(id, "newest", {});
    const unread = known.summary.last_seq - newAfter;
    const fits = unread <= PAGE_LEN - READ_BEFORE_LEN;
    if (fits || known.window || unread > BEGIN_AT_UNREAD_MAX) return page(id, "newest", {});
    return page(id, "around", { after: Math.max(0, newAfter - READ_BEFORE_LEN) });
  }

  async function page(id: number, kind: PageKind, from: { before?: Seq; after?: Seq }): Promise<Input> {
    return { type: "page", conversation: id, kind, page: await api.history(id, from, PAGE_LEN) };
  }

  /** `againMs`: not sooner after an answer. */
  function request(key: string, conversation: number, againMs: number, ask: () => Promise<Input>): void {
    const pause = pauses.get(key);
    if (isStopped || underWay.has(key) || (pause && pause.notBefore > clock.now())) return;
    underWay.add(key);
    const epoch = deps.state().epoch;
    const answered = (input: Input) => {
      underWay.delete(key);
      pauses.set(key, { failures: 0, notBefore: clock.now() + againMs });
      // What was read from another history does not belong here.
      if (!isStopped && epoch === deps.state().epoch) dispatch(input);
      attend();
      later();
    };
    const refused = (error: unknown) => {
      underWay.delete(key);
      if (!isStopped) failed(key, conversation, asApiError(error));
    };
    void ask().then(answered, refused);
  }

  function failed(key: string, conversation: number, error: ApiError): void {
    const isGone = error.code === "not_a_member" || error.code === "not_found";
    const isVital = key === "list" || key.startsWith("summary:");
    if (error.isSignedOut) deps.onSignedOut();
    else if (isGone) dispatch({ type: "gone", conversation });
    else if (error.isRetriable || isVital) pauseAfter(error, key);
    else instead(key, conversation);
    if (key.startsWith("page:")) dispatch({ type: "page_failed", conversation, code: error.code });
    const kind = PAGE_KINDS.find((one) => key === `${one}:${conversation}`);
    if (kind && !isGone) dispatch({ type: "turn_failed", conversation, kind });
  }

  function pauseAfter(error: ApiError, key: string): void {
    const failures = (pauses.get(key)?.failures ?? 0) + 1;
    // At least half of the delay, so that a few failures in a row do not follow on each other at once.
    const delay = retryDelay(failures + 1, () => 0.5 + deps.random() / 2);
    pauses.set(key, { failures, notBefore: clock.now() + Math.max(error.retryAfterMs ?? 0, delay) });
    later();
  }

  /** What stands for an answer that will never come, so that it is not asked for again and again. */
  function instead(key: string, conversation: number): void {
    if (key.startsWith("members:")) dispatch({ type: "members", conversation, memberships: [] });
    if (key.startsWith("pending:")) dispatch({ type: "pending", conversation, memberships: [] });
    if (key.startsWith("changes:")) dispatch({ type: "reload", conversation });
  }

  /** Looks again when the next pause is over. */
  function later(): void {
    cancelTimer();
    const now = clock.now();
    const moments = [...pauses.values()].map((pause) => pause.notBefore).filter((moment) => moment > now);
    if (isStopped || moments.length === 0) return;
    cancelTimer = clock.after(Math.min(...moments) - now, () => {
      const { open } = deps.state();
      const pause = pauses.get(`page:${open}`);
      // A page that failed is shown as such; trying again begins with taking that back.
      if (pause && pause.failures > 0 && pause.notBefore <= clock.now()) {
        dispatch({ type: "opened", conversation: open });
      }
      attend();
      later();
    });
  }

  return {
    attend,
    turn: (id, kind, from) => request(`${kind}:${id}`, id, 0, () => page(id, kind, from)),
    forgive(conversation) {
      if (conversation === undefined) pauses.clear();
      else for (const kind of ["page", ...PAGE_KINDS]) pauses.delete(`${kind}:${conversation}`);
    },
    stop() {
      isStopped = true;
      cancelTimer();
    },
  };
}
