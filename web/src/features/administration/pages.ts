// A list that comes in pages, by the key of the last one.
import { useCallback, useEffect, useRef, useState } from "react";
import { explain } from "../../actions/action.ts";

export interface Pages<Item> {
  items: readonly Item[];
  /** `null`: not known yet. */
  hasMore: boolean | null;
  isLoading: boolean;
  error: string | null;
  loadMore: () => void;
  /** Puts one that has changed in the place of what it was. */
  replace: (item: Item) => void;
}

interface Found<Item> {
  items: readonly Item[];
  hasMore: boolean | null;
}

/** `fetch` is another function where another list is meant: it is then loaded from its beginning. */
export function usePages<Item extends { id: number }>(
  fetch: (last: Item | null) => Promise<{ items: readonly Item[]; hasMore: boolean }>,
): Pages<Item> {
  const [found, setFound] = useState<Found<Item>>({ items: [], hasMore: null });
  const [isLoading, setIsLoading] = useState(true);
  const [error, setError] = useState<string | null>(null);
  const current = useRef(fetch);

  const load = useCallback(
    async (before: readonly Item[]) => {
      current.current = fetch;
      setIsLoading(true);
      try {
        const page = await fetch(before.at(-1) ?? null);
        if (current.current !== fetch) return;
        setFound({ items: [...before, ...page.items], hasMore: page.hasMore });
        setError(null);
      } catch (thrown) {
        if (current.current !== fetch) return;
        setError(explain(thrown));
      }
      setIsLoading(false);
    },
    [fetch],
  );
  useEffect(() => void load([]), [load]);

  return {
    ...found,
    isLoading,
    error,
    loadMore: () => void load(found.items),
    replace(item) {
      setFound((before) => ({
        ...before,
        items: before.items.map((one) => (one.id === item.id ? item : one)),
      }));
    },
  };
}
