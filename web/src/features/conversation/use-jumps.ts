// Going to a message: to one that is held at once, to another as soon as the messages around it are there.
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { Seq } from "../../api/types.ts";
import { t } from "../../i18n/words.ts";
import type { PageKind } from "../../sync/inputs.ts";
import type { Sync } from "../../sync/sync.ts";
import { notify } from "../../ui/toasts.tsx";
import { keyOfSeq } from "./rows.ts";
import type { LogScroll } from "./use-log-scroll.ts";
import type { NewLine } from "./use-reading.ts";

export interface Jumps {
  /** The row that one jumped to, marked for a moment. */
  lit: string | null;
  /** `from`: the message that leads there, to which one may want to come back. Then the focus goes along. */
  jumpTo: (seq: Seq, from?: Seq) => void;
  /** The message that one came from by a quote; `null`: none, or it is in view. */
  cameFrom: Seq | null;
  goBack: () => void;
  stay: () => void;
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
  /** The page that did not come. */
  stuck: { kind: PageKind } | null;
  /** Coming by a link, which says itself when it leads nowhere. */
  isLinked: boolean;
  /** Called when the log stands where it was meant to. */
  moved: RefObject<() => void>;
}

/** How long a message that one jumped to is marked. */
const LIT_MS = 1_600;

export function useJumps(input: JumpsInput): Jumps {
  const { sync, id, scroll, lastSeq, hasNewer, line, stuck, isLinked, moved } = input;
  const { box, toRow, toBottom, isInView } = scroll;
  // Where one is going, until it is there.
  const target = useRef<{ seq: Seq; isLit: boolean; takesFocus?: boolean } | null>(null);
  const [cameFrom, setCameFrom] = useState<Seq | null>(null);
  const [lit, setLit] = useState<string | null>(null);

  const arrive = useCallback(() => {
    const wanted = target.current;
    if (!wanted || !toRow(keyOfSeq(wanted.seq))) return false;
    target.current = null;
    if (wanted.isLit) setLit(keyOfSeq(wanted.seq));
    if (wanted.takesFocus) scroll.focusRow(keyOfSeq(wanted.seq));
    return true;
  }, [toRow, scroll.focusRow]);

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
    (seq: Seq, from?: Seq) => {
      target.current = { seq, isLit: true, takesFocus: from !== undefined };
      if (from !== undefined) setCameFrom(from);
      if (!arrive()) sync.loadAround(id, seq);
    },
    [sync, id, arrive],
  );

  useEffect(() => {
    const isJump = stuck?.kind === "newest" || stuck?.kind === "around";
    if (!isJump || isLinked || target.current === null) return;
    target.current = null;
    notify(t("conversation.jump-failed"), true);
  }, [stuck, isLinked]);

  const goBack = useCallback(() => {
    if (cameFrom === null) return;
    setCameFrom(null);
    target.current = { seq: cameFrom, isLit: true, takesFocus: true };
    if (!arrive()) sync.loadAround(id, cameFrom);
  }, [cameFrom, sync, id, arrive]);
  const stay = useCallback(() => setCameFrom(null), []);

  useEffect(() => {
    const outer = box.current;
    if (cameFrom === null || !outer) return;
    // Whoever scrolls back there needs no way back.
    const look = () => {
      if (target.current === null && isInView(keyOfSeq(cameFrom))) setCameFrom(null);
    };
    look();
    outer.addEventListener("scroll", look, { passive: true });
    return () => outer.removeEventListener("scroll", look);
  }, [cameFrom, box, isInView]);

  const toLatest = useCallback(() => {
    setCameFrom(null);
    if (hasNewer) {
      target.current = { seq: lastSeq, isLit: false };
      sync.loadNewest(id);
    } else toBottom();
  }, [hasNewer, lastSeq, sync, id, toBottom]);

  return { lit, jumpTo, cameFrom, goBack, stay, toLatest };
}
