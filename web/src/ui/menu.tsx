// A menu that opens at a place of the page: arrows, Home, End and first letters move, Escape closes, focus goes back.
import type { LucideIcon } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import "./menu.css";

export interface MenuItem {
  id: string;
  label: string;
  icon: LucideIcon;
  shortcut?: string | undefined;
  danger?: boolean | undefined;
  perform: () => void;
}

/** Where it opens: at a pointer, or at an element's edge. */
export type MenuPlace = { x: number; y: number } | { under: HTMLElement };

export interface MenuProps {
  label: string;
  place: MenuPlace;
  items: readonly MenuItem[];
  /** Stands above the items; its buttons are items too. */
  top?: ReactNode;
  onClose: () => void;
}

/** Distance from the window's edge. */
const MARGIN = 8;

export function Menu({ label, place, items, top, onClose }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useLayoutEffect(() => {
    const element = menu.current;
    if (!element) return;
    element.showPopover();
    const { width, height } = element.getBoundingClientRect();
    const edge = "under" in place ? place.under.getBoundingClientRect() : null;
    const x = edge ? edge.right - width : "x" in place ? place.x : 0;
    const below = edge ? edge.bottom + 4 : "y" in place ? place.y : 0;
    const above = (edge?.top ?? below) - height - 4;
    const fits = below + height <= window.innerHeight - MARGIN;
    element.style.left = `${Math.max(MARGIN, Math.min(x, window.innerWidth - width - MARGIN))}px`;
    element.style.top = `${fits ? below : Math.max(MARGIN, above)}px`;
  }, [place]);

  useEffect(() => {
    const before = document.activeElement;
    itemsOf(menu.current)[0]?.focus();
    const shut = () => close.current();
    window.addEventListener("blur", shut);
    window.addEventListener("resize", shut);
    return () => {
      window.removeEventListener("blur", shut);
      window.removeEventListener("resize", shut);
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);

  return (
    <div
      ref={menu}
      className="menu"
      role="menu"
      aria-label={label}
      popover="auto"
      tabIndex={-1}
      onToggle={(event) => {
        if (event.newState === "closed") onClose();
      }}
      onKeyDown={(event) => move(event, onClose)}
    >
      {top}
      {items.map(({ id, label: name, icon: Icon, shortcut, danger, perform }) => (
        <button
          key={id}
          type="button"
          role="menuitem"
          tabIndex={-1}
          className={danger ? "menu-item danger" : "menu-item"}
          onClick={() => {
            onClose();
            perform();
          }}
          onPointerEnter={(event) => event.currentTarget.focus({ preventScroll: true })}
        >
          <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
          <span>{name}</span>
          {shortcut && (
            <span className="keys" aria-hidden="true">
              {shortcut}
            </span>
          )}
        </button>
      ))}
    </div>
  );
}

function move(event: KeyboardEvent<HTMLDivElement>, onClose: () => void): void {
  const found = itemsOf(event.currentTarget);
  const at = found.indexOf(document.activeElement as HTMLElement);
  const next = {
    ArrowDown: at + 1,
    ArrowRight: at + 1,
    ArrowUp: at - 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: found.length - 1,
  }[event.key];
  event.stopPropagation();
  if (next !== undefined) {
    event.preventDefault();
    found.at(next % Math.max(1, found.length))?.focus();
  } else if (event.key === "Tab" || event.key === "Escape") {
    event.preventDefault();
    onClose();
  } else if (event.key.length === 1 && event.key !== " ") {
    const letter = event.key.toLocaleLowerCase();
    const after = [...found.slice(at + 1), ...found.slice(0, at + 1)];
    after.find((item) => item.textContent?.trim().toLocaleLowerCase().startsWith(letter))?.focus();
  }
}

function itemsOf(menu: HTMLElement | null): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>("[role=menuitem], [role=menuitemcheckbox]") ?? [])];
}
