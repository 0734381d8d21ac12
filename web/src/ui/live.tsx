// Says things to screen readers without moving focus: each text once, after what is being said.
import { useEffect, useState } from "react";

/** Texts kept in the page; older ones have been said. */
const KEPT = 5;

type Listener = (text: string) => void;
const listeners = new Set<Listener>();

/** Says it, politely. */
export function announce(text: string): void {
  for (const listener of listeners) listener(text);
}

/** Stands once in the page. */
export function LiveRegion() {
  const [said, setSaid] = useState<readonly { id: number; text: string }[]>([]);
  useEffect(() => {
    let id = 0;
    const listener: Listener = (text) => {
      id += 1;
      const line = { id, text };
      setSaid((before) => [...before.slice(1 - KEPT), line]);
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, []);
  return (
    <div className="hidden-text" aria-live="polite" aria-relevant="additions" data-live="">
      {said.map((line) => (
        <p key={line.id}>{line.text}</p>
      ))}
    </div>
  );
}
