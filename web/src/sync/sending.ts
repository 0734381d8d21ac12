// Empties the outbox: sends what may be sent, again after a break, and writes down what waits for after a reload.
import type { ClientFrame } from "../api/frames.ts";
import type { Clock } from "./clock.ts";
import type { Input } from "./inputs.ts";
import { ANSWER_MS } from "./limits.ts";
import * as outbox from "./outbox.ts";
import type { Outgoing, State } from "./state.ts";

/** Where the outbox survives a reload. */
export interface OutboxStorage {
  load(): Outgoing[];
  save(entry: Outgoing): void;
  remove(cid: string): void;
}

interface SendingDeps {
  storage: OutboxStorage;
  clock: Clock;
  state: () => State;
  dispatch: (input: Input) => void;
  /** `false`: there is no connection. */
  send: (frame: ClientFrame) => boolean;
  /** What was sent is not answered: the connection may be dead. */
  reconnect: () => void;
}

export interface Sending {
  /** Sends what may be sent now. */
  attend(): void;
  /** The connection is alive, or another one: what was sent before need not be waited for. */
  answered(): void;
  /** Writes down what changed, for after a reload. */
  keep(before: readonly Outgoing[], after: readonly Outgoing[]): void;
  stop(): void;
}

export function createSending(deps: SendingDeps): Sending {
  const { clock, storage } = deps;
  let cancelTimer = () => {};
  let cancelWait = () => {};

  function attend(): void {
    cancelTimer();
    const state = deps.state();
    if (state.connection.phase !== "live") return;
    const now = clock.now();
    for (const { cid, conversation, body, replyTo } of outbox.due(state, now)) {
      if (!deps.send({ op: "send", cid, conversation, body, reply_to: replyTo })) return;
      cancelWait();
      cancelWait = clock.after(ANSWER_MS, deps.reconnect);
      deps.dispatch({ type: "sending", cid });
    }
    const moment = outbox.nextMoment(deps.state(), now);
    if (moment !== null) cancelTimer = clock.after(moment - now, attend);
  }

  return {
    attend,
    answered: () => cancelWait(),
    keep(before, after) {
      const known = new Map(before.map((entry) => [entry.cid, entry]));
      for (const entry of after) {
        const old = known.get(entry.cid);
        known.delete(entry.cid);
        if (entry.state === "stored") storage.remove(entry.cid);
        // Under way and waiting are the same after a reload: only what differs there is written.
        else if (!old || (old.state === "failed") !== (entry.state === "failed")) storage.save(entry);
      }
      for (const cid of known.keys()) storage.remove(cid);
    },
    stop() {
      cancelTimer();
      cancelWait();
    },
  };
}
