// What is half written here, kept over a reload.
import { useCallback, useEffect, useRef, useState } from "react";
import { type Draft, readDraft, writeDraft } from "../../app/kept.ts";

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
    window.addEventListener("pagehide", write);
    return () => {
      window.removeEventListener("pagehide", write);
      write();
    };
  }, [write]);

  return { draft, setDraft };
}
