// A small dialog beside what opened it, at the foot of the screen on phones. Modal, so that focus stays inside; a click
// elsewhere or Escape closes it, and focus goes back.
import { type ReactNode, useEffect, useRef } from "react";
import type { MenuPlace } from "./menu.tsx";
import "./panel.css";

export interface PanelProps {
  label: string;
  place: MenuPlace;
  onClose: () => void;
  children: ReactNode;
}

/** Distance from the window's edge and from what opened it. */
const MARGIN = 8;

/** Open as long as it is rendered. */
export function Panel({ label, place, onClose, children }: PanelProps) {
  const panel = useRef<HTMLDialogElement>(null);
  // Not before what was open has given the focus back: a menu does that when it goes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it stays where it opened.
  useEffect(() => {
    const element = panel.current;
    const before = document.activeElement;
    const put = () => element && putBeside(element, place);
    element?.showModal();
    put();
    window.addEventListener("resize", put);
    return () => {
      window.removeEventListener("resize", put);
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does what a click beside the panel does.
    <dialog
      ref={panel}
      className="side-panel"
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === panel.current) onClose();
      }}
    >
      <div className="side-panel-body">{children}</div>
    </dialog>
  );
}

/** Above it if there is room, else below; never over the edge. Phones have a style that overrules this. */
function putBeside(panel: HTMLElement, place: MenuPlace): void {
  const { width, height } = panel.getBoundingClientRect();
  const edge = "under" in place ? place.under.getBoundingClientRect() : null;
  const right = edge?.right ?? ("x" in place ? place.x + width : 0);
  const top = edge?.top ?? ("y" in place ? place.y : 0);
  const bottom = edge?.bottom ?? top;
  const isAbove = top - height - MARGIN >= MARGIN;
  const wanted = isAbove ? top - height - MARGIN : bottom + MARGIN;
  const left = right - width;
  panel.style.left = `${Math.max(MARGIN, Math.min(left, window.innerWidth - width - MARGIN))}px`;
  panel.style.top = `${Math.max(MARGIN, Math.min(wanted, window.innerHeight - height - MARGIN))}px`;
}
