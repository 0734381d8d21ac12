// The menu of a line of the list: by the right button, by a finger that stays, by Shift+F10 and by the button on the line.
import {
  type HTMLAttributes,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from "react";
import { useConversation } from "../../app/copy.ts";
import { laterDialog } from "../../app/later.tsx";
import type { MenuPlace } from "../../ui/menu.tsx";
import { useLongPress } from "../../ui/use-long-press.ts";

const LineActions = laterDialog(() => import("./line-actions.tsx").then((part) => part.LineActions));

interface Chosen {
  id: number;
  place: MenuPlace;
}

export interface LineMenu {
  /** For what holds the lines. */
  handlers: HTMLAttributes<HTMLElement>;
  /** Whose menu is open. */
  chosen: number | null;
  menu: ReactNode;
}

export function useLineMenu(): LineMenu {
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const conversation = useConversation(chosen?.id ?? 0);
  const keepFocus = useKeptFocus();
  const open = (target: EventTarget, place?: MenuPlace): boolean => {
    const line = target instanceof Element ? target.closest<HTMLElement>("[data-conversation]") : null;
    if (!line) return false;
    const id = Number(line.dataset.conversation);
    // From the line itself the focus comes back to it.
    line.querySelector("a")?.focus({ preventScroll: true });
    keepFocus(id);
    setChosen({ id, place: place ?? { under: line } });
    return true;
  };
  const press = useLongPress((target, x, y) => open(target, { x, y }));
  const handlers = {
    ...press,
    onContextMenu(event: MouseEvent) {
      // A resting finger does it by itself.
      const isTouch = "pointerType" in event.nativeEvent && event.nativeEvent.pointerType === "touch";
      const isLine = event.target instanceof Element && event.target.closest("[data-conversation]") !== null;
      if (isTouch ? isLine : open(event.target, { x: event.clientX, y: event.clientY }))
        event.preventDefault();
    },
    onKeyDown(event: KeyboardEvent) {
      const isMeant = event.key === "ContextMenu" || (event.shiftKey && event.key === "F10");
      if (isMeant && open(event.target)) event.preventDefault();
    },
    onClick(event: MouseEvent) {
      const more = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-more]") : null;
      if (more) open(more, { under: more });
    },
  };
  const menu = chosen && conversation && (
    <LineActions conversation={conversation} place={chosen.place} onClose={() => setChosen(null)} />
  );
  return { handlers, chosen: chosen?.id ?? null, menu };
}

/** A line that moves to another section is made anew, and the focus that was on it would be nowhere. */
function useKeptFocus(): (id: number) => void {
  const kept = useRef<number | null>(null);
  useEffect(() => {
    if (kept.current === null) return;
    const line = document.querySelector<HTMLElement>(`[data-conversation="${kept.current}"] a`);
    if (document.activeElement === document.body) line?.focus({ preventScroll: true });
    else if (document.activeElement !== line && !document.activeElement?.closest("[popover], dialog"))
      kept.current = null;
  });
  return (id) => {
    kept.current = id;
  };
}
