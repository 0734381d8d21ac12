// Whether a media query holds, kept current.
import { useCallback, useSyncExternalStore } from "react";

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const list = matchMedia(query);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}

/** List, conversation and details are one after the other. */
export const NARROW = "(max-width: 759px)";
/** There is room for the details beside the conversation. */
export const WIDE = "(min-width: 1180px)";
