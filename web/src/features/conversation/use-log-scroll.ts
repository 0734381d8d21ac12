// Where the log stands. It stays at the bottom only if it was there; otherwise what is being read keeps its place,
// whatever is added, removed or resized above it.
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { messageAt, rowOf } from "./list-rows.ts";

export interface LogScroll {
  /** The box that scrolls. */
  box: RefObject<HTMLDivElement | null>;
  /** The list inside, whose children are the rows, each with `data-key`. */
  list: RefObject<HTMLDivElement | null>;
  isAtBottom: boolean;
  onScroll: () => void;
  toBottom: () => void;
  /** Puts a row into view, a little below the top. `false`: there is no such row. */
  toRow: (key: string) => boolean;
  /** Gives it the focus and moves nothing. */
  focusRow: (key: string) => void;
  isInView: (key: string) => boolean;
}

/** So close to the end counts as the end. */
const NEAR_PX = 48;
/** A row one jumps to stands so far below the top. */
const BELOW_TOP_PX = 96;

/** `hasNewer`: the end of the list is not the end of the conversation. `moved` is called after every movement. */
export function useLogScroll(hasNewer: boolean, moved: RefObject<() => void>): LogScroll {
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const sticks = useRef(true);
  // The message in the middle of the view, and where it stood in the list: its way since then is what was added above
  // it. Not the first one, which loses its name when older messages of the same person come; and not a line between
  // messages: those move then.
  const anchor = useRef<{ key: string; top: number } | null>(null);
  const [isAtBottom, setIsAtBottom] = useState(true);

  const note = useCallback(() => {
    const { current: outer } = box;
    if (!outer) return;
    const rest = outer.scrollHeight - outer.scrollTop - outer.clientHeight;
    sticks.current = rest < NEAR_PX && !hasNewer;
    setIsAtBottom(sticks.current);
    const row = messageAt(list.current, outer.scrollTop + outer.clientHeight / 2);
    anchor.current = row ? { key: row.dataset.key ?? "", top: row.offsetTop } : null;
  }, [hasNewer]);

  const restore = useCallback(() => {
    const { current: outer } = box;
    if (!outer) return;
    if (sticks.current && !hasNewer) {
      outer.scrollTop = outer.scrollHeight;
      return;
    }
    const kept = anchor.current;
    const row = kept && rowOf(list.current, kept.key);
    if (!row || row.offsetTop === kept.top) return;
    outer.scrollTop += row.offsetTop - kept.top;
    kept.top = row.offsetTop;
  }, [hasNewer]);

  // After every render: anything may have changed the height.
  useLayoutEffect(restore);

  useEffect(() => {
    const { current: outer } = box;
    const { current: inner } = list;
    if (!outer || !inner) return;
    const observer = new ResizeObserver(() => {
      restore();
      moved.current();
    });
    observer.observe(outer);
    observer.observe(inner);
    return () => observer.disconnect();
  }, [restore, moved]);

  const onScroll = useCallback(() => {
    note();
    moved.current();
  }, [note, moved]);

  const toBottom = useCallback(() => {
    sticks.current = true;
    setIsAtBottom(true);
    const { current: outer } = box;
    if (outer) outer.scrollTop = outer.scrollHeight;
  }, []);

  const toRow = useCallback(
    (key: string) => {
      const row = rowOf(list.current, key);
      const { current: outer } = box;
      if (!row || !outer) return false;
      outer.scrollTop = row.offsetTop - BELOW_TOP_PX;
      note();
      return true;
    },
    [note],
  );

  const focusRow = useCallback((key: string) => rowOf(list.current, key)?.focus({ preventScroll: true }), []);

  const isInView = useCallback((key: string) => {
    const row = rowOf(list.current, key);
    const { current: outer } = box;
    if (!row || !outer) return false;
    const top = row.offsetTop - outer.scrollTop;
    return top + row.offsetHeight > 0 && top < outer.clientHeight;
  }, []);

  return { box, list, isAtBottom, onScroll, toBottom, toRow, focusRow, isInView };
}
