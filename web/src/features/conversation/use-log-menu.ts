// The menu of a message and what it leads to: by the button, the right mouse button, the keyboard or a resting finger.
import { type MouseEvent, useState } from "react";
import type { Message } from "../../api/types.ts";
import type { MenuPlace } from "../../ui/menu.tsx";
import { type LongPress, useLongPress } from "../../ui/use-long-press.ts";
import type { Detail } from "./details.tsx";

/** A message, and its row. */
export interface Found {
  row: HTMLElement;
  message: Message;
}

export interface LogMenu {
  open: { seq: number; place: MenuPlace } | null;
  detail: { seq: number; what: Detail } | null;
  openAt: (message: Message, place: MenuPlace) => void;
  show: (what: Detail, message: Message) => void;
  close: () => void;
  closeDetail: () => void;
  /** For the list. */
  handlers: LongPress & { onContextMenu: (event: MouseEvent) => void };
}

export function useLogMenu(messageAt: (target: EventTarget) => Found | null): LogMenu {
  const [open, setOpen] = useState<LogMenu["open"]>(null);
  const [detail, setDetail] = useState<LogMenu["detail"]>(null);
  const openAt = ({ seq }: Message, place: MenuPlace) => setOpen({ seq, place });
  const show = (what: Detail, { seq }: Message) => setDetail({ seq, what });
  const press = useLongPress((target, x, y) => {
    const found = messageAt(target);
    if (!found || keepsItsOwn(target)) return false;
    if (target.closest(".reaction")) show("reactions", found.message);
    else openAt(found.message, { x, y });
    return true;
  });
  return {
    open,
    detail,
    openAt,
    show,
    close: () => setOpen(null),
    closeDetail: () => setDetail(null),
    handlers: {
      ...press,
      onContextMenu(event) {
        const found = messageAt(event.target);
        if (!found || keepsItsOwn(event.target as Element)) return;
        const isTouch = (event.nativeEvent as globalThis.PointerEvent).pointerType === "touch";
        // The browser's own menu stays for selected text.
        if (!isTouch && String(getSelection()) !== "") return;
        event.preventDefault();
        // A resting finger does it by itself.
        if (!isTouch) openAt(found.message, { x: event.clientX, y: event.clientY });
      },
    },
  };
}

/** The browser's own menu is the better one for links. */
function keepsItsOwn(target: Element): boolean {
  return target.closest("a") !== null;
}
