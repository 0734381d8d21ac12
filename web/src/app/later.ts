// Parts of the page that are rarely needed are loaded when they are wanted.
import { useEffect, useRef, useState } from "react";

/** What `load` brings, or `null` until it is there. `onFailed`: there is no network, or the server has newer parts. */
export function useLater<T>(load: () => Promise<T>, onFailed: () => void): T | null {
  const [found, setFound] = useState<{ it: T } | null>(null);
  const first = useRef({ load, onFailed });
  useEffect(() => {
    let isCurrent = true;
    first.current.load().then(
      (it) => isCurrent && setFound({ it }),
      () => isCurrent && first.current.onFailed(),
    );
    return () => {
      isCurrent = false;
    };
  }, []);
  return found?.it ?? null;
}
