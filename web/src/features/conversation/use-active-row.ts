// Which message one is at: the one that Tab reaches and the arrows move from, and the one under the pointer.
import { type FocusEvent, type PointerEvent, useRef, useState } from "react";

export interface ActiveRow {
  /** The one row that Tab reaches: where one was last, else the newest message. */
  stopKey: string | null;
  /** The rows that show what can be done: at most the one with the focus and the one under the pointer. */
  isActive: (key: string) => boolean;
  /** A click put the focus there, not a key: letters are meant for the box in which one writes. */
  isByPointer: () => boolean;
  /** For the list. */
  handlers: {
    onFocus: (event: FocusEvent) => void;
    onBlur: (event: FocusEvent) => void;
    onPointerDown: () => void;
    onPointerOver: (event: PointerEvent) => void;
    onPointerLeave: () => void;
  };
  /** From here on it is the keyboard again. */
  byKeyboard: () => void;
}

export function useActiveRow(hasRow: (key: string) => boolean, lastKey: string | null): ActiveRow {
  const [hovered, setHovered] = useState<string | null>(null);
  const [stop, setStop] = useState<string | null>(null);
  const [isFocused, setIsFocused] = useState(false);
  const byPointer = useRef(false);
  const stopKey = stop !== null && hasRow(stop) ? stop : lastKey;
  return {
    stopKey,
    isActive: (key) => key === hovered || (isFocused && key === stopKey),
    isByPointer: () => byPointer.current,
    byKeyboard() {
      byPointer.current = false;
    },
    handlers: {
      onFocus(event) {
        const key = keyAt(event.target);
        if (key) setStop(key);
        setIsFocused(true);
      },
      onBlur(event) {
        setIsFocused(false);
        const to = event.relatedTarget;
        // Switching windows is no leaving.
        if (!to || event.currentTarget.contains(to)) return;
        byPointer.current = false;
        // Whoever comes back comes to the newest message.
        setStop(null);
      },
      onPointerDown() {
        byPointer.current = true;
      },
      onPointerOver(event) {
        if (event.pointerType === "mouse") setHovered(keyAt(event.target));
      },
      onPointerLeave: () => setHovered(null),
    },
  };
}

function keyAt(target: EventTarget): string | null {
  return (target as Element).closest<HTMLElement>("[data-seq]")?.dataset.key ?? null;
}
