// A finger that rests on something does what the right button does. Moving, which is scrolling, takes it back.
import { type PointerEvent, useEffect, useRef } from "react";

export interface LongPress {
  onPointerDown: (event: PointerEvent) => void;
  onPointerMove: (event: PointerEvent) => void;
  onPointerUp: () => void;
  onPointerCancel: () => void;
}

const PRESS_MS = 500;
/** A finger never rests quite still. */
const STILL_PX = 10;

/** `onPress` says whether it did something: then lifting the finger does nothing more. */
export function useLongPress(onPress: (target: Element, x: number, y: number) => boolean): LongPress {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const from = useRef({ x: 0, y: 0 });
  const latest = useRef(onPress);
  latest.current = onPress;
  const cancel = () => clearTimeout(timer.current);
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    onPointerDown({ pointerType, isPrimary, target, clientX: x, clientY: y }) {
      cancel();
      if (pointerType === "mouse" || !isPrimary) return;
      from.current = { x, y };
      timer.current = setTimeout(() => {
        if (latest.current(target as Element, x, y)) swallowClick();
      }, PRESS_MS);
    },
    onPointerMove({ clientX, clientY }) {
      const { x, y } = from.current;
      if (Math.hypot(clientX - x, clientY - y) > STILL_PX) cancel();
    },
    onPointerUp: cancel,
    onPointerCancel: cancel,
  };
}

/** The click that some browsers make when the finger is lifted; the next press is another one. */
function swallowClick(): void {
  const swallow = (event: Event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener("click", swallow, true);
  const end = () => {
    document.removeEventListener("click", swallow, true);
    document.removeEventListener("pointerdown", end, true);
  };
  document.addEventListener("pointerdown", end, true);
}
