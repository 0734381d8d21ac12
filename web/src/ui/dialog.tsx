// A modal dialog: the browser's own, so that focus stays inside and goes back where it came from.
import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { IconButton } from "./button.tsx";
import "./dialog.css";
import { t } from "../i18n/words.ts";

export interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Without the line with the title; it is still said. */
  bare?: boolean;
}

/** Open as long as it is rendered. */
export function Dialog({ title, onClose, children, bare = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isPressedBeside = useRef(false);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    // The browser would choose the first control, which is the one that closes. React's own autofocus came too early:
    // what is not shown yet takes no focus.
    element?.querySelector<HTMLElement>("[data-autofocus]")?.focus();
    return () => {
      element?.close();
      // The browser gives focus back only while the dialog is still in the page, and React takes it out first.
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does what a click beside the dialog does.
    <dialog
      ref={dialog}
      className={bare ? "dialog bare" : "dialog"}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        isPressedBeside.current = event.target === dialog.current;
      }}
      onClick={(event) => {
        // Who marks a text and lets go outside does not want to leave.
        if (event.target === dialog.current && isPressedBeside.current) onClose();
      }}
    >
      <div className="dialog-body">
        <div className={bare ? "hidden-text" : "dialog-head"}>
          <h2 id={id}>{title}</h2>
          {!bare && <IconButton icon={X} label={t("ui.close")} onClick={onClose} />}
        </div>
        {children}
      </div>
    </dialog>
  );
}
