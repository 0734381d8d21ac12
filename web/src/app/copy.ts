// React's view of the local copy: parts of the state that re-render a component when they change.
import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { Author, Me } from "../api/types.ts";
import { useLanguage } from "../i18n/words.ts";
import { nameIn } from "../lib/names.ts";
import { asMeant } from "../sync/deletions.ts";
import type { Conversation, Outgoing, State } from "../sync/state.ts";
import type { Sync } from "../sync/sync.ts";
import { useSync } from "./session.tsx";

/** A busy room changes the copy hundreds of times a second; the page is drawn at most once in so long. */
const FRAME_MS = 16;
/** After drawing it rests so many times as long as that took: keys that are pressed meanwhile never wait in a row. */
const REST_SHARE = 4;
/** Even the slowest device shows what is new after so long. */
const REST_MAX_MS = 250;

/** `select` must give the same thing for the same state: a part of it, or a plain value. */
export function useCopy<T>(select: (state: State) => T): T {
  const sync = useSync();
  const subscribe = useCallback((changed: () => void) => paced(sync, changed), [sync]);
  return useSyncExternalStore(subscribe, () => select(sync.state()));
}

export function useMe(): Me {
  const me = useCopy((state) => state.me);
  // There is nobody to be without: the copy begins with an account.
  if (!me) throw new Error("the local copy has no account");
  return me;
}

/** As the reader means it: without what they deleted, even while they may take that back. */
export function useConversation(id: number): Conversation | undefined {
  const known = useCopy((state) => state.conversations[id]);
  const deletions = useCopy((state) => state.deletions);
  return useMemo(() => known && asMeant(known, deletions), [known, deletions]);
}

/** My messages to this conversation that are on their way. */
export function useOutgoing(id: number): readonly Outgoing[] {
  const outbox = useCopy((state) => state.outbox);
  return useMemo(() => outbox.filter((entry) => entry.conversation === id), [outbox, id]);
}

/** How people are called now, whatever they were called when they wrote. */
export function useNames(): (author: Author) => string {
  const names = useCopy((state) => state.names);
  const language = useLanguage();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a guest is marked in the language that is spoken.
  return useCallback((author: Author) => nameIn(names, author), [names, language]);
}

/** The first change shows at once, the ones that follow closely show together, everywhere at the same moment: what
 * leaves one list enters another. */
interface Pace {
  listeners: Set<() => void>;
  stop: () => void;
}

const paces = new WeakMap<Sync, Pace>();

function paced(sync: Sync, changed: () => void): () => void {
  const pace = paces.get(sync) ?? newPace(sync);
  pace.listeners.add(changed);
  return () => {
    pace.listeners.delete(changed);
    if (pace.listeners.size > 0) return;
    pace.stop();
    paces.delete(sync);
  };
}

function newPace(sync: Sync): Pace {
  const listeners = new Set<() => void>();
  let notBefore = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const show = () => {
    timer = null;
    const began = performance.now();
    for (const changed of listeners) changed();
    // React draws in a microtask that the listeners have asked for; this one comes after it.
    queueMicrotask(() => {
      const now = performance.now();
      const rest = (now - began) * REST_SHARE;
      notBefore = now + Math.min(Math.max(rest, FRAME_MS), REST_MAX_MS);
    });
  };
  const end = sync.subscribe(() => {
    if (timer !== null) return;
    const wait = notBefore - performance.now();
    if (wait <= 0) show();
    else timer = setTimeout(show, wait);
  });
  const stop = () => {
    end();
    if (timer !== null) clearTimeout(timer);
  };
  const pace = { listeners, stop };
  paces.set(sync, pace);
  return pace;
}
