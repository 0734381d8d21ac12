// The conversations in which something is half written, kept current in this and other windows.
import { useEffect, useState } from "react";
import { DRAFTS_CHANGED, draftsOf } from "./kept.ts";

export function useDrafts(account: number): ReadonlySet<number> {
  const [drafts, setDrafts] = useState<ReadonlySet<number>>(() => draftsOf(account));
  useEffect(() => {
    const look = () => {
      const found = draftsOf(account);
      setDrafts((before) =>
        before.size === found.size && [...found].every((id) => before.has(id)) ? before : found,
      );
    };
    window.addEventListener(DRAFTS_CHANGED, look);
    window.addEventListener("storage", look);
    return () => {
      window.removeEventListener(DRAFTS_CHANGED, look);
      window.removeEventListener("storage", look);
    };
  }, [account]);
  return drafts;
}
