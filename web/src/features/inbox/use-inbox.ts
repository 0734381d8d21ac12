// The pages of the inbox: what was loaded, older ones, and what has come since.
import { useCallback, useEffect, useRef, useState } from "react";
import { explain } from "../../actions/action.ts";
import { api } from "../../api/calls.ts";
import type { InboxItem } from "../../api/types.ts";
import { useCopy, useMe } from "../../app/copy.ts";
import type { State } from "../../sync/state.ts";
import { keepPages, keptPages, keptPlace, keyOf, NOTHING, type Pages } from "./kept.ts";
import { merged, refreshed } from "./pages.ts";

/** About two screens. */
const PAGE_LEN = 30;
/** However much happens, what is new is asked for no more often. */
const AGAIN_MS = 2_000;

export interface Inbox {
  pages: Pages;
  /** What has come since, above what is shown. */
  fresh: readonly InboxItem[];
  isLoading: boolean;
  error: string | null;
  /** The first page, or the next. */
  load: () => void;
  showFresh: () => void;
}

export function useInbox(): Inbox {
  const me = useMe();
  const [pages, setPages] = useState<Pages>(() => (keptPlace() ? keptPages(me.id) : NOTHING));
  const [fresh, setFresh] = useState<readonly InboxItem[]>([]);
  const [isLoading, setIsLoading] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const latest = useRef(pages);
  latest.current = pages;
  useEffect(() => keepPages(me.id, pages), [me.id, pages]);

  const load = useCallback(async () => {
    setIsLoading(true);
    try {
      const { items, next } = latest.current;
      const page = await api.inbox(next ?? null, PAGE_LEN);
      setPages({ items: merged(items, page.items), next: page.next });
      setError(null);
    } catch (thrown) {
      setError(explain(thrown));
    }
    setIsLoading(false);
  }, []);

  const look = useCallback(async () => {
    const { items, next } = latest.current;
    if (next === undefined) return load();
    try {
      const page = await api.inbox(null, PAGE_LEN);
      const known = new Set(items.map(keyOf));
      // What is shown becomes what it is now; what is new waits until it is asked for.
      setPages((before) => ({ ...before, items: refreshed(before.items, page) }));
      const came = page.items.filter((item) => !known.has(keyOf(item)));
      // Where nothing is read, nothing can be pushed away from under the eyes.
      if (items.length === 0) setPages((before) => ({ ...before, items: merged(came, before.items) }));
      else setFresh(came);
    } catch {
      // It is asked for again with the next sign; what is here is still true.
    }
  }, [load]);
  useSigns(look);

  const showFresh = useCallback(() => {
    setPages((before) => ({ ...before, items: merged(fresh, before.items) }));
    setFresh([]);
  }, [fresh]);
  return { pages, fresh, isLoading, error, load: () => void load(), showFresh };
}

/** Looks at once, and whenever the copy shows that something may have come. */
function useSigns(look: () => Promise<void>): void {
  const sign = useCopy(signOf);
  const isLive = useCopy((state) => state.connection.phase === "live");
  const last = useRef(Number.NEGATIVE_INFINITY);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the sign and the connection are why one looks.
  useEffect(() => {
    const wait = last.current + AGAIN_MS - performance.now();
    const timer = setTimeout(
      () => {
        last.current = performance.now();
        void look();
      },
      Math.max(0, wait),
    );
    return () => clearTimeout(timer);
  }, [sign, isLive, look]);
}

/** Changes when somebody names me, and when anything but a new message happens: a reaction, an edit. */
function signOf({ conversations }: State): number {
  return Object.values(conversations).reduce(
    (sum, { summary }) => sum + summary.last_rev - summary.last_seq + summary.unread_mentions,
    0,
  );
}
