// Going to a message: to one that is held at once, to another as soon as the messages around it are there.
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { Seq } from "../../api/types.ts";
import type { Sync } from "../../sync/sync.ts";
import { keyOfSeq } from "./rows.ts";
import type { LogScroll } from "./use-log-scroll.ts";
import type { NewLine } from "./use-reading.ts";

export interface Jumps {
  /** The row that one jumped to, marked for a moment. */
  lit: string | null;
  jumpTo: (seq: Seq) => void;
  toLatest: () => void;
}

export interface JumpsInput {
  sync: Sync;
  id: number;
  scroll: LogScroll;
  lastSeq: Seq;
  hasNewer: boolean;
  /** Where the line above the new messages stands, and how often one has begun there. */
  line: NewLine;
  /** Called when the log stands where it was meant to. */
  moved: RefObject<() => void>;
}

/** How long a message that one jumped to is marked. */
const LIT_MS = 1_600;

export function useJumps({ sync, id, scroll, lastSeq, hasNewer, line, moved }: JumpsInput): Jumps {
  const { toRow, toBottom } = scroll;
  // Where one is going, until it is there.
  const target = useRef<{ seq: Seq; isLit: boolean } | null>(null);
  const [lit, setLit] = useState<string | null>(null);

  const arrive = useCallback(() => {
    const wanted = target.current;
    if (!wanted || !toRow(keyOfSeq(wanted.seq))) return false;
    target.current = null;
    if (wanted.isLit) setLit(keyOfSeq(wanted.seq));
    return true;
  }, [toRow]);

  const { newAfter, begun } = line;
  const lastBegun = useRef(0);
  useEffect(() => {
    if (lastBegun.current !== begun) {
      lastBegun.current = begun;
      // One begins where one stopped reading, or at the end. Above the very first message there is no line.
      const isThere = newAfter !== null && (toRow("new") || toRow(keyOfSeq(newAfter + 1)));
      if (!isThere) toBottom();
    }
    arrive();
    moved.current();
  });

  useEffect(() => {
    if (!lit) return;
    const timer = setTimeout(() => setLit(null), LIT_MS);
    return () => clearTimeout(timer);
  }, [lit]);

  const jumpTo = useCallback(
    (seq: Seq) => {
      target.current = { seq, isLit: true };
      if (!arrive()) sync.loadAround(id, seq);
    },
    [sync, id, arrive],
  );

  const toLatest = useCallback(() => {
    if (hasNewer) {
      target.current = { seq: lastSeq, isLit: false };
      sync.loadNewest(id);
    } else toBottom();
  }, [hasNewer, lastSeq, sync, id, toBottom]);

  return { lit, jumpTo, toLatest };
}
