// A card above something, with more in it than the short words of `tips.tsx`: it stays while the pointer is on it, Escape
// closes it, and scrolling too.
import { type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import { putAt } from "./place.ts";
import "./tip.css";

export interface TipProps {
  anchor: HTMLElement;
  children: ReactNode;
  /** The pointer has come onto it. */
  onStay: () => void;
  onLeave: () => void;
  onClose: () => void;
}

/** From what it belongs to, in pixels. */
const GAP = 8;

export function Tip({ anchor, children, onStay, onLeave, onClose }: TipProps) {
  const tip = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useLayoutEffect(() => {
    const element = tip.current;
    if (!element) return;
    element.showPopover();
    putAt(element, { under: anchor }, { side: "above", align: "center", gap: GAP });
  }, [anchor]);

  useEffect(() => {
    const shut = () => close.current();
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape") shut();
    };
    document.addEventListener("keydown", onKeyDown, true);
    document.addEventListener("scroll", shut, true);
    return () => {
      document.removeEventListener("keydown", onKeyDown, true);
      document.removeEventListener("scroll", shut, true);
    };
  }, []);

  return (
    // What it shows is part of its anchor's name already: for the screen reader it would be said twice.
    <div
      ref={tip}
      className="tip tip-card"
      popover="manual"
      aria-hidden="true"
      onPointerEnter={onStay}
      onPointerLeave={onLeave}
    >
      {children}
    </div>
  );
}
