// A tip above something: it stays while the pointer is on it, Escape closes it, and scrolling too.
import { type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import "./tip.css";

export interface TipProps {
  anchor: HTMLElement;
  children: ReactNode;
  /** The pointer has come onto it. */
  onStay: () => void;
  onLeave: () => void;
  onClose: () => void;
}

/** Distance from the window's edge and from what it belongs to. */
const MARGIN = 8;

export function Tip({ anchor, children, onStay, onLeave, onClose }: TipProps) {
  const tip = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useLayoutEffect(() => {
    const element = tip.current;
    if (!element) return;
    element.showPopover();
    const { width, height } = element.getBoundingClientRect();
    const edge = anchor.getBoundingClientRect();
    const x = edge.left + edge.width / 2 - width / 2;
    const above = edge.top - height - MARGIN;
    element.style.left = `${Math.max(MARGIN, Math.min(x, innerWidth - width - MARGIN))}px`;
    element.style.top = `${above >= MARGIN ? above : edge.bottom + MARGIN}px`;
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
      className="tip"
      popover="manual"
      aria-hidden="true"
      onPointerEnter={onStay}
      onPointerLeave={onLeave}
    >
      {children}
    </div>
  );
}
