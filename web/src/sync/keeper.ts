// Has the local copy written down after it changed: seldom, when the page has nothing else to do, and only the
// conversations that changed.
import type { Clock } from "./clock.ts";
import { type KeptHead, type KeptTalk, keptHead, keptIds, keptTalk } from "./kept.ts";
import { KEEP_EVERY_MS } from "./limits.ts";
import type { Conversation, State } from "./state.ts";
import type { Sync } from "./sync.ts";

export interface CopyStore {
  /** All of it or nothing. `gone`: conversations that are no longer kept. */
  save(head: KeptHead, talks: readonly KeptTalk[], gone: readonly number[]): void;
}

export interface KeeperDeps {
  sync: Sync;
  clock: Clock;
  store: CopyStore;
  /** Calls when the page has time. */
  whenIdle: (call: () => void) => void;
}

export interface Keeper {
  /** Writes at once: the page may be about to go. */
  flush(): void;
  stop(): void;
}

export function createKeeper({ sync, clock, store, whenIdle }: KeeperDeps): Keeper {
  let saved: State | null = null;
  const written = new Map<number, Conversation>();
  let cancelTimer: (() => void) | null = null;
  let isStopped = false;

  function save(): void {
    cancelTimer = null;
    if (isStopped) return;
    const state = sync.state();
    const head = keptHead(state, clock.now());
    if (!head) return;
    // Another history has nothing in common with what is written, and a changed name stands in all of it.
    const isOther = saved?.epoch !== state.epoch || saved.names !== state.names;
    const changed = head.recent.filter((id) => {
      return isOther || !isSame(written.get(id), state.conversations[id]);
    });
    const gone = [...written.keys()].filter((id) => !head.recent.includes(id));
    store.save(
      head,
      changed.map((id) => keptTalk(state, id)).filter((talk) => talk !== null),
      gone,
    );
    saved = state;
    for (const id of gone) written.delete(id);
    for (const id of changed) {
      const it = state.conversations[id];
      if (it) written.set(id, it);
    }
  }

  function changed(): void {
    if (cancelTimer || !needsSaving(saved, sync.state())) return;
    cancelTimer = clock.after(KEEP_EVERY_MS, () => whenIdle(save));
  }

  // What the copy began with is written already.
  if (sync.state().epoch) saved = sync.state();
  for (const id of keptIds(sync.state())) {
    const it = sync.state().conversations[id];
    if (it) written.set(id, it);
  }
  const unsubscribe = sync.subscribe(changed);
  return {
    flush() {
      cancelTimer?.();
      save();
    },
    stop() {
      isStopped = true;
      cancelTimer?.();
      unsubscribe();
    },
  };
}

function needsSaving(saved: State | null, state: State): boolean {
  if (!saved) return state.epoch !== null;
  return (
    saved.conversations !== state.conversations ||
    saved.requests !== state.requests ||
    saved.recent !== state.recent ||
    saved.names !== state.names ||
    saved.me !== state.me ||
    saved.epoch !== state.epoch
  );
}

/** Signs of typing and events that wait are not kept. */
function isSame(written: Conversation | undefined, it: Conversation | undefined): boolean {
  return (
    written?.window === it?.window &&
    written?.summary === it?.summary &&
    written?.cursor === it?.cursor &&
    written?.members === it?.members
  );
}
