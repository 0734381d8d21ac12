// A small dialog beside what opened it, at the foot of the screen on phones. Modal, so that focus stays inside; a click
// elsewhere or Escape closes it, and focus goes back.
import { type ReactNode, useEffect, useRef } from "react";
import { type Place, putAt } from "./place.ts";
import "./panel.css";

export interface PanelProps {
  label: string;
  place: Place;
  onClose: () => void;
  children: ReactNode;
}

/** Open as long as it is rendered. */
export function Panel({ label, place, onClose, children }: PanelProps) {
  const panel = useRef<HTMLDialogElement>(null);
  const isPressedBeside = useRef(false);
  // Not before what was open has given the focus back: a menu does that when it goes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it stays where it opened.
  useEffect(() => {
    const element = panel.current;
    const before = document.activeElement;
    // Phones have a style that overrules it.
    const put = () => element && putAt(element, place, { side: "above", gap: 8 });
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
      onPointerDown={(event) => {
        isPressedBeside.current = event.target === panel.current;
      }}
      onClick={(event) => {
        // Who marks a text and lets go outside does not want to leave.
        if (event.target === panel.current && isPressedBeside.current) onClose();
      }}
    >
      <div className="side-panel-body">{children}</div>
    </dialog>
  );
}
