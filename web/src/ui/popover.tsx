// A small sheet that belongs to something: a card, a list of names. Not modal: the page stays usable, a click elsewhere,
// Escape or leaving it with Tab closes it, and the focus goes back.
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import type { Place } from "./place.ts";
import "./popover.css";
import { useLayer } from "./use-layer.ts";

export interface PopoverProps {
  label: string;
  place: Place;
  onClose: () => void;
  children: ReactNode;
  side?: "below" | "above";
  align?: "start" | "end";
}

const STOPS = "a[href], button:not(:disabled), input:not(:disabled), select, textarea";

/** Open as long as it is rendered. */
export function Popover({ label, place, onClose, children, side = "below", align = "start" }: PopoverProps) {
  const popover = useRef<HTMLDivElement>(null);
  useLayer(popover, place, { side, align, gap: 6 }, onClose);
  // Before it is painted, as in a menu.
  useLayoutEffect(() => {
    const wanted = popover.current?.querySelector<HTMLElement>("[data-autofocus]") ?? popover.current;
    wanted?.focus({ preventScroll: true });
  }, []);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    // Not by `blur`: what has the focus next is known only when it has it.
    const elsewhere = ({ target }: FocusEvent) => {
      if (target instanceof Node && !popover.current?.contains(target)) close.current();
    };
    document.addEventListener("focusin", elsewhere);
    return () => document.removeEventListener("focusin", elsewhere);
  }, []);
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Tab") leaveBy(event);
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    onClose();
  };
  // It may stand anywhere in the page: Tab goes on from what it belongs to, which closes it.
  const leaveBy = (event: KeyboardEvent) => {
    const stops = popover.current?.querySelectorAll<HTMLElement>(STOPS) ?? [];
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    const isAtEdge = event.target === (edge ?? popover.current);
    if (!("under" in place) || !(isAtEdge || (event.shiftKey && event.target === popover.current))) return;
    if (event.shiftKey) event.preventDefault();
    place.under.focus({ preventScroll: true });
  };
  return (
    <div
      ref={popover}
      className="popover"
      role="dialog"
      aria-label={label}
      popover="auto"
      tabIndex={-1}
      onToggle={(event) => {
        if (event.target === popover.current && event.newState === "closed") onClose();
      }}
      onKeyDown={keys}
    >
      {children}
    </div>
  );
}
