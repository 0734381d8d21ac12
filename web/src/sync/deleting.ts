// Tells the server what was deleted here, once that can no longer be taken back: again after a break, and after a reload.
import { asApiError } from "../api/problem.ts";
import type { Message } from "../api/types.ts";
import { retryDelay } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import * as deletions from "./deletions.ts";
import type { Input } from "./inputs.ts";
import { DELETIONS_LEN_MAX, UNDO_LOST_MS } from "./limits.ts";
import type { Deletion, State } from "./state.ts";

/** Where deletions survive a reload. */
export interface DeletionStorage {
  load(): Deletion[];
  save(entry: Deletion): void;
  remove(message: number): void;
}

export interface DeletingDeps {
  /** May throw `ApiError`. A message that is deleted already is no failure. */
  deleteMessage: (id: number) => Promise<Message>;
  storage: DeletionStorage;
  clock: Clock;
  /** 0 to 1. */
  random: () => number;
  state: () => State;
  dispatch: (input: Input) => void;
  onSignedOut: () => void;
}

export interface Deleting {
  /** What an earlier page did not bring to its end, and later what another window will not. */
  load(): void;
  /** Tells the server what it may be told now. */
  attend(): void;
  /** Writes down what changed, for after a reload. */
  keep(before: readonly Deletion[], after: readonly Deletion[]): void;
  reader: Deletions;
  stop(): void;
}

/** What the reader does. */
export interface Deletions {
  /** Deletes it here; the server is told when it can no longer be taken back. `false`: too many wait for that. */
  delete(message: Message): boolean;
  undelete(message: number): void;
  /** It can no longer be taken back; without a message: nothing can. */
  deleteNow(message?: number): void;
  /** Once the server has answered to every deletion that it is being told of. */
  deletionsSettled(): Promise<void>;
}

export function createDeleting(deps: DeletingDeps): Deleting {
  const { clock, storage, dispatch } = deps;
  const underWay = new Map<number, Promise<void>>();
  let cancelTimer = () => {};
  let cancelLook = () => {};
  let isStopped = false;

  function load(): void {
    const { ready, epoch } = deps.state();
    let lookAgainMs = Number.POSITIVE_INFINITY;
    for (const entry of storage.load()) {
      if (ready && entry.epoch !== epoch) continue;
      const left = entry.state === "waiting" ? entry.at + UNDO_LOST_MS - clock.now() : 0;
      if (left > 0) {
        // Another window may still offer to take this one back, or be lost meanwhile.
        lookAgainMs = Math.min(lookAgainMs, left, UNDO_LOST_MS);
        continue;
      }
      const fresh = { state: "due", attempts: 0, notBefore: 0, error: null } as const;
      dispatch({ type: "deletion", entry: { ...entry, ...fresh } });
    }
    if (Number.isFinite(lookAgainMs)) cancelLook = clock.after(lookAgainMs, load);
  }

  function attend(): void {
    cancelTimer();
    if (isStopped || deps.state().connection.phase !== "live") return;
    const now = clock.now();
    for (const { message } of deletions.due(deps.state(), now)) {
      if (underWay.has(message)) continue;
      underWay.set(message, tell(message));
      dispatch({ type: "deletion_sent", message });
    }
    const moment = deletions.nextMoment(deps.state(), now);
    if (moment !== null) cancelTimer = clock.after(moment - now, attend);
  }

  async function tell(id: number): Promise<void> {
    const input = await deps.deleteMessage(id).then(
      (message): Input => ({ type: "message", message }),
      (error: unknown) => failed(id, error),
    );
    underWay.delete(id);
    if (isStopped || !input) return;
    dispatch(input);
    if (input.type === "message") dispatch({ type: "deletion_over", message: id });
  }

  function failed(id: number, thrown: unknown): Input | null {
    const error = asApiError(thrown);
    if (error.isSignedOut) {
      // It stays written down for whoever signs in to this account again.
      if (!isStopped) deps.onSignedOut();
      return null;
    }
    if (!error.isRetriable) {
      return { type: "deletion_failed", message: id, error: { code: error.code, detail: error.message } };
    }
    const attempts = deps.state().deletions.find(({ message }) => message === id)?.attempts ?? 0;
    const wait = retryDelay(attempts + 1, () => 0.5 + deps.random() / 2);
    const notBefore = clock.now() + Math.max(error.retryAfterMs ?? 0, wait);
    return { type: "deletion_later", message: id, notBefore };
  }

  return {
    load,
    attend,
    keep(before, after) {
      const known = new Map(before.map((entry) => [entry.message, entry]));
      for (const entry of after) {
        const old = known.get(entry.message);
        known.delete(entry.message);
        if (entry.state === "failed") storage.remove(entry.message);
        else if (!old || old.state === "waiting" || old.state === "failed") storage.save(entry);
      }
      for (const message of known.keys()) storage.remove(message);
    },
    reader: {
      delete({ id, conversation_id, seq }) {
        const { epoch, deletions: known } = deps.state();
        if (known.length >= DELETIONS_LEN_MAX) return false;
        const fresh = { state: "waiting", attempts: 0, notBefore: 0, error: null } as const;
        const entry = { message: id, conversation: conversation_id, seq, epoch, at: clock.now(), ...fresh };
        dispatch({ type: "deletion", entry });
        return true;
      },
      undelete: (message) => dispatch({ type: "undelete", message }),
      deleteNow: (message) => dispatch({ type: "delete_now", message: message ?? null }),
      async deletionsSettled() {
        await Promise.all(underWay.values());
      },
    },
    stop() {
      isStopped = true;
      cancelTimer();
      cancelLook();
    },
  };
}
