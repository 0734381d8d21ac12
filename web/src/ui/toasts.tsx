// Short messages at the edge that go away by themselves: what was done, or what did not work.
import { X } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { Button, IconButton } from "./button.tsx";
import "./toasts.css";

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
    const timers = new Set<ReturnType<typeof setTimeout>>();
    const listener: Listener = (toast) => {
      setToasts((before) => [...withRoom(before), toast]);
      if (!toast.answer) timers.add(setTimeout(() => drop(toast.id), SHOWN_MS));
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      for (const timer of timers) clearTimeout(timer);
    };
  }, [drop]);
  const row = (toast: Toast) => <Row key={toast.id} toast={toast} onDrop={() => drop(toast.id)} />;
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

function Row({ toast: { text, isError, answer }, onDrop }: { toast: Toast; onDrop: () => void }) {
  return (
    <div className={isError ? "toast error" : "toast"}>
      <span>{text}</span>
      {answer && (
        <Button
          look="quiet"
          onClick={() => {
            onDrop();
            answer.perform();
          }}
        >
          {answer.label}
        </Button>
      )}
      <IconButton icon={X} label="Dismiss" tip={answer ? "below" : "above"} size={18} onClick={onDrop} />
    </div>
  );
}
