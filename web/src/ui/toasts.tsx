// Short messages at the edge that go away by themselves: what was done, or what did not work. They wait while somebody has the
// pointer or the focus on them; Escape dismisses the one that has the focus.
import { X } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { Button, IconButton } from "./button.tsx";
import "./toasts.css";
import { t } from "../i18n/words.ts";

/** At once. */
const SHOWN_MAX = 3;
const SHOWN_MS = 7_000;

interface Toast {
  id: number;
  text: string;
  isError: boolean;
  /** A question: it stays until it is answered. */
  answer?: Answer;
}

export interface Answer {
  label: string;
  perform: () => void;
}

type Listener = (toast: Toast) => void;
const listeners = new Set<Listener>();
let lastId = 0;

export function notify(text: string, isError = false): void {
  lastId += 1;
  for (const listener of listeners) listener({ id: lastId, text, isError });
}

/** Something that can be done now or left. */
export function offer(text: string, answer: Answer): void {
  lastId += 1;
  for (const listener of listeners) listener({ id: lastId, text, isError: false, answer });
}

/** An older one makes room, a question last of all. */
function withRoom(toasts: readonly Toast[]): readonly Toast[] {
  if (toasts.length < SHOWN_MAX) return toasts;
  const oldest = toasts.find((toast) => !toast.answer) ?? toasts[0];
  return toasts.filter((toast) => toast !== oldest);
}

/** Stands once in the page. */
export function Toasts() {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const drop = useCallback((id: number) => {
    setToasts((before) => before.filter((toast) => toast.id !== id));
  }, []);
  useEffect(() => {
    const listener: Listener = (toast) => setToasts((before) => [...withRoom(before), toast]);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, []);
  const row = (toast: Toast) => <Row key={toast.id} toast={toast} onDrop={drop} />;
  return (
    <>
      <div className="toasts" role="status">
        {toasts.filter((toast) => !toast.answer).map(row)}
      </div>
      {/* What stays must not lie over the box in which one writes. */}
      <div className="toasts questions" role="status">
        {toasts.filter((toast) => toast.answer).map(row)}
      </div>
    </>
  );
}

function Row({ toast, onDrop }: { toast: Toast; onDrop: (id: number) => void }) {
  const { id, text, isError, answer } = toast;
  const [isPointed, setIsPointed] = useState(false);
  const [hasFocus, setHasFocus] = useState(false);
  /** What had the focus before it came here. */
  const before = useRef<HTMLElement | null>(null);
  const drop = useCallback(() => {
    onDrop(id);
    if (before.current?.isConnected) before.current.focus({ preventScroll: true });
  }, [id, onDrop]);
  const isGoing = !answer && !isPointed && !hasFocus;
  useEffect(() => {
    if (!isGoing) return;
    const timer = setTimeout(drop, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isGoing, drop]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is heard here comes from its buttons.
    <div
      className={isError ? "toast error" : "toast"}
      onPointerEnter={() => setIsPointed(true)}
      onPointerLeave={() => setIsPointed(false)}
      onFocus={({ currentTarget, relatedTarget }) => {
        if (currentTarget.contains(relatedTarget)) return;
        setHasFocus(true);
        before.current = relatedTarget instanceof HTMLElement ? relatedTarget : null;
      }}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (currentTarget.contains(relatedTarget)) return;
        setHasFocus(false);
        before.current = null;
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        drop();
      }}
    >
      <span>{text}</span>
      {answer && (
        <Button
          look="quiet"
          onClick={() => {
            drop();
            answer.perform();
          }}
        >
          {answer.label}
        </Button>
      )}
      <IconButton
        icon={X}
        label={t("ui.dismiss")}
        tip={answer ? "below" : "above"}
        size={18}
        onClick={drop}
      />
    </div>
  );
}
