// Something that a part of the page loads for itself when it is shown.
import { useCallback, useEffect, useState } from "react";
import { explain } from "../actions/action.ts";

export interface Loaded<T> {
  /** `null` until it has come. */
  value: T | null;
  /** Why it did not come the last time. */
  error: string | null;
  load: () => Promise<void>;
}

/** `fetch` has to be the same function each time; nothing is loaded before it `isWanted`. */
export function useLoaded<T>(fetch: () => Promise<T>, isWanted = true): Loaded<T> {
  const [value, setValue] = useState<T | null>(null);
  const [error, setError] = useState<string | null>(null);
  const load = useCallback(async () => {
    try {
      const loaded = await fetch();
      setValue(() => loaded);
      setError(null);
    } catch (thrown) {
      setError(explain(thrown));
    }
  }, [fetch]);
  useEffect(() => {
    if (isWanted) void load();
  }, [isWanted, load]);
  return { value, error, load };
}
