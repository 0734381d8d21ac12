// What is half written here, kept over a reload, and the same in all windows of the browser.
import { useCallback, useEffect, useRef, useState } from "react";
import { type Draft, isDraftOf, readDraft, writeDraft } from "../../app/kept.ts";

/** Written when typing pauses; and always before the page goes away. */
const PAUSE_MS = 400;

export function useDraft(account: number, conversation: number) {
  const [draft, setState] = useState<Draft>(() => readDraft(account, conversation));
  const current = useRef(draft);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  const write = useCallback(() => {
    if (timer.current === null) return;
    clearTimeout(timer.current);
    timer.current = null;
    writeDraft(account, conversation, current.current);
  }, [account, conversation]);

  const setDraft = useCallback(
    (next: Draft) => {
      current.current = next;
      setState(next);
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = setTimeout(write, PAUSE_MS);
      // What was sent must not come back, however soon the page goes away.
      if (next.text === "") write();
    },
    [write],
  );

  useEffect(() => {
    // Another window wrote on. What is being typed here is newer.
    const onStorage = (event: StorageEvent) => {
      if (!isDraftOf(account, conversation, event) || timer.current !== null) return;
      current.current = readDraft(account, conversation);
      setState(current.current);
    };
    window.addEventListener("pagehide", write);
    window.addEventListener("storage", onStorage);
    return () => {
      window.removeEventListener("pagehide", write);
      window.removeEventListener("storage", onStorage);
      write();
    };
  }, [account, conversation, write]);

  return { draft, setDraft };
}
