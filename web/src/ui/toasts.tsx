// Short messages at the edge that go away by themselves: what was done, or what did not work. They wait while somebody has the
// pointer or the focus on them; Escape dismisses the one that has the focus. What can be undone stands there for a moment;
// Ctrl+Z undoes the last of it.
import { X } from "lucide-react";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { Button, IconButton } from "./button.tsx";
import "./toasts.css";
import { t } from "../i18n/words.ts";

/** At once. */
const SHOWN_MAX = 3;
const SHOWN_MS = 7_000;
/** Long enough to notice a mistake and to reach the button. */
const UNDO_MS = 6_000;

interface Toast {
  id: number;
  text: string;
  isError: boolean;
  /** A question: it stays until it is answered. */
  answer?: Answer;
  /** It can be undone while this is here. */
  undo?: Undo;
}

export interface Answer {
  label: string;
  perform: () => void;
}

export interface Undo {
  label: string;
  perform: () => void;
  /** It ran out, was dismissed or had to make room. */
  settle: () => void;
}

interface Listener {
  show: (toast: Toast) => void;
  withdraw: (id: number) => void;
}

const listeners = new Set<Listener>();
let lastId = 0;

export function notify(text: string, isError = false): void {
  lastId += 1;
  for (const { show } of listeners) show({ id: lastId, text, isError });
}

/** Something that can be done now or left. */
export function offer(text: string, answer: Answer): void {
  lastId += 1;
  for (const { show } of listeners) show({ id: lastId, text, isError: false, answer });
}

/** Something that was done and can be undone for a moment. Gives back how to take the offer away without a word. */
export function offerUndo(text: string, undo: Undo): () => void {
  lastId += 1;
  const id = lastId;
  for (const { show } of listeners) show({ id, text, isError: false, undo });
  return () => {
    for (const { withdraw } of listeners) withdraw(id);
  };
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
  // What makes room is told at once, and not while something is drawn.
  const now = useRef(toasts);
  const change = useCallback((next: readonly Toast[]) => {
    now.current = next;
    setToasts(next);
  }, []);
  const drop = useCallback((id: number) => change(now.current.filter((toast) => toast.id !== id)), [change]);
  useEffect(() => {
    const listener: Listener = {
      show(toast) {
        const before = now.current;
        // A question stays, so it is asked once.
        if (toast.answer && before.some(({ answer, text }) => answer && text === toast.text)) return;
        const kept = withRoom(before);
        change([...kept, toast]);
        for (const gone of before) if (!kept.includes(gone)) gone.undo?.settle();
      },
      withdraw: drop,
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, [change, drop]);
  useUndoKey(now, drop);
  const row = (toast: Toast) => <Row key={toast.id} toast={toast} onDrop={drop} />;
  return (
    <>
      <div className="toasts" role="status">
        {toasts.filter((toast) => !isAbove(toast)).map(row)}
      </div>
      {/* What stays must not lie over the box in which one writes. */}
      <div className="toasts questions" role="status">
        {toasts.filter(isAbove).map(row)}
      </div>
    </>
  );
}

function isAbove({ answer, undo }: Toast): boolean {
  return answer !== undefined || undo !== undefined;
}

/** In a box with a text, Ctrl+Z is about that text. */
function useUndoKey(toasts: RefObject<readonly Toast[]>, drop: (id: number) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
      const last = toasts.current.findLast((toast) => toast.undo);
      if (!last || !isUndo || event.key.toLowerCase() !== "z" || holdsText(event.target)) return;
      event.preventDefault();
      drop(last.id);
      last.undo?.perform();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [toasts, drop]);
}

function holdsText(target: EventTarget | null): boolean {
  const isBox = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
  return isBox && target.value !== "";
}

function Row({ toast, onDrop }: { toast: Toast; onDrop: (id: number) => void }) {
  const { id, text, isError, answer, undo } = toast;
  const [isPointed, setIsPointed] = useState(false);
  const [hasFocus, setHasFocus] = useState(false);
  /** What had the focus before it came here. */
  const before = useRef<HTMLElement | null>(null);
  const drop = useCallback(() => {
    onDrop(id);
    if (before.current?.isConnected) before.current.focus({ preventScroll: true });
  }, [id, onDrop]);
  const end = useCallback(() => {
    drop();
    undo?.settle();
  }, [drop, undo]);
  const isGoing = !answer && !isPointed && !hasFocus;
  const shownMs = undo ? UNDO_MS : SHOWN_MS;
  useEffect(() => {
    if (!isGoing) return;
    const timer = setTimeout(end, shownMs);
    return () => clearTimeout(timer);
  }, [isGoing, end, shownMs]);
  const offered = undo ?? answer;
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
        end();
      }}
    >
      <span>{text}</span>
      {undo && <Countdown isGoing={isGoing} />}
      {offered && (
        <Button
          look="quiet"
          onClick={() => {
            drop();
            offered.perform();
          }}
        >
          {offered.label}
        </Button>
      )}
      <IconButton
        icon={X}
        label={t("ui.dismiss")}
        tip={offered ? "below" : "above"}
        size={18}
        onClick={end}
      />
    </div>
  );
}

/** The seconds that are left; all of them while somebody is there. Not for screen readers: they would say each. */
function Countdown({ isGoing }: { isGoing: boolean }) {
  const [seconds, setSeconds] = useState(UNDO_MS / 1_000);
  useEffect(() => {
    setSeconds(UNDO_MS / 1_000);
    if (!isGoing) return;
    const timer = setInterval(() => setSeconds((before) => Math.max(1, before - 1)), 1_000);
    return () => clearInterval(timer);
  }, [isGoing]);
  return (
    <span className="toast-left" aria-hidden="true">
      {t("ui.seconds-left", { seconds })}
    </span>
  );
}
