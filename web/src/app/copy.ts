// React's view of the local copy: parts of the state that re-render a component when they change.
import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { Author, Me } from "../api/types.ts";
import { useLanguage } from "../i18n/words.ts";
import { nameIn } from "../lib/names.ts";
import type { Conversation, Outgoing, State } from "../sync/state.ts";
import type { Sync } from "../sync/sync.ts";
import { useSync } from "./session.tsx";

/** A busy room changes the copy hundreds of times a second; the page is drawn at most once in so long. */
const FRAME_MS = 16;

/** `select` must give the same thing for the same state: a part of it, or a plain value. */
export function useCopy<T>(select: (state: State) => T): T {
  const sync = useSync();
  const subscribe = useCallback((changed: () => void) => throttled(sync, changed), [sync]);
  return useSyncExternalStore(subscribe, () => select(sync.state()));
}

export function useMe(): Me {
  const me = useCopy((state) => state.me);
  // There is nobody to be without: the copy begins with an account.
  if (!me) throw new Error("the local copy has no account");
  return me;
}

export function useConversation(id: number): Conversation | undefined {
  return useCopy((state) => state.conversations[id]);
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

/** The first change shows at once, the ones that follow closely show together. */
function throttled(sync: Sync, changed: () => void): () => void {
  let last = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const show = () => {
    timer = null;
    last = performance.now();
    changed();
  };
  const stop = sync.subscribe(() => {
    if (timer !== null) return;
    const wait = last + FRAME_MS - performance.now();
    if (wait <= 0) show();
    else timer = setTimeout(show, wait);
  });
  return () => {
    stop();
    if (timer !== null) clearTimeout(timer);
  };
}
