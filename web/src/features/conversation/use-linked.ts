// Coming by a link to one message: the log goes there, the message gets the focus, and the address becomes the
// conversation's own again, so that the same link leads there once more.
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { useLocation, useRoute } from "wouter";
import type { Seq } from "../../api/types.ts";
import { seqOf } from "../../lib/links.ts";
import { keyOfSeq } from "./rows.ts";

export interface LinkedInput {
  id: number;
  lastSeq: Seq;
  isLive: boolean;
  list: RefObject<HTMLElement | null>;
  /** The row that one has come to. */
  lit: string | null;
  jumpTo: (seq: Seq) => void;
}

export interface Linked {
  trouble: "missing" | "late" | null;
  again: () => void;
  dismiss: () => void;
}

/** A message that has not come by then is said not to come. */
const LATE_MS = 8_000;

/** The message that the address names; `null`: none. */
export function useLinkedSeq(): Seq | null {
  const [isLink, link] = useRoute("/c/:id/:seq");
  return isLink ? seqOf(link.seq) : null;
}

export function useLinked(seq: Seq | null, input: LinkedInput): Linked {
  const { id, lastSeq, isLive, list, lit } = input;
  const [, go] = useLocation();
  const [trouble, setTrouble] = useState<Linked["trouble"]>(null);
  const jumpTo = useRef(input.jumpTo);
  jumpTo.current = input.jumpTo;
  const leave = useCallback(() => go(`/c/${id}`, { replace: true }), [go, id]);

  const isBeyond = seq !== null && seq > lastSeq;
  useEffect(() => {
    if (seq === null) return;
    setTrouble(null);
    if (!isBeyond) jumpTo.current(seq);
    else if (isLive) {
      // Numbers have no gaps and are never taken back: what is beyond the last one was never written.
      setTrouble("missing");
      leave();
      return;
    }
    const timer = setTimeout(() => setTrouble("late"), LATE_MS);
    return () => clearTimeout(timer);
  }, [seq, isBeyond, isLive, leave]);

  const hasArrived = seq !== null && lit === keyOfSeq(seq);
  useEffect(() => {
    if (!hasArrived) return;
    setTrouble(null);
    list.current?.querySelector<HTMLElement>(`[data-key="${lit}"]`)?.focus({ preventScroll: true });
    leave();
  }, [hasArrived, lit, list, leave]);

  return {
    trouble,
    again() {
      setTrouble(null);
      if (seq !== null) jumpTo.current(seq);
    },
    dismiss() {
      setTrouble(null);
      if (seq !== null) leave();
    },
  };
}
