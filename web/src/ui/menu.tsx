// A menu that opens at a place of the page: arrows, Home, End and first letters move, Escape closes, focus goes back.
import { Check, type LucideIcon } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import { isRightToLeft, type Place } from "./place.ts";
import { useLayer } from "./use-layer.ts";
import "./menu.css";

export interface MenuItem {
  id: string;
  label: string;
  icon: LucideIcon;
  shortcut?: string | undefined;
  danger?: boolean | undefined;
  /** It says how something is: by itself, or as one of several. */
  check?: { isOneOf: boolean; isOn: boolean } | undefined;
  perform: () => void;
}

/** Where it opens. */
export type MenuPlace = Place;

/** Letters typed one after the other faster than this are one word. */
const WORD_MS = 500;

export interface MenuProps {
  label: string;
  place: MenuPlace;
  items: readonly MenuItem[];
  /** Stands above the items; its buttons are items too. */
  top?: ReactNode;
  onClose: () => void;
}

export function Menu({ label, place, items, top, onClose }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  const typed = useRef({ word: "", at: 0 });
  const close = useRef(onClose);
  close.current = onClose;
  useLayer(menu, place, { align: "end" }, onClose);

  // Before it is painted: a key that follows at once must not go to what lies below.
  useLayoutEffect(() => itemsOf(menu.current)[0]?.focus({ preventScroll: true }), []);

  useEffect(() => {
    const shut = () => close.current();
    const onPress = (event: Event) => {
      if (!menu.current?.contains(event.target as Node)) shut();
    };
    document.addEventListener("pointerdown", onPress, true);
    window.addEventListener("blur", shut);
    return () => {
      document.removeEventListener("pointerdown", onPress, true);
      window.removeEventListener("blur", shut);
    };
  }, []);

  const keys = (event: KeyboardEvent<HTMLDivElement>) => {
    event.stopPropagation();
    if (event.key === "Tab" || event.key === "Escape") {
      event.preventDefault();
      onClose();
    } else if (!move(event) && isLetter(event)) {
      const isSameWord = event.timeStamp - typed.current.at < WORD_MS;
      typed.current = { word: (isSameWord ? typed.current.word : "") + event.key, at: event.timeStamp };
      seek(event.currentTarget, typed.current.word.toLocaleLowerCase());
    }
  };

  return (
    <div
      ref={menu}
      className="menu"
      role="menu"
      aria-label={label}
      // A finger that opened it by resting is still down: the browser would close it when the finger is lifted.
      popover="manual"
      tabIndex={-1}
      onKeyDown={keys}
    >
      {top}
      {items.map(({ id, label: name, icon: Icon, shortcut, danger, check, perform }) => (
        <button
          key={id}
          type="button"
          role={check ? (check.isOneOf ? "menuitemradio" : "menuitemcheckbox") : "menuitem"}
          {...(check && { "aria-checked": check.isOn })}
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
          {check?.isOn && <Check size={18} strokeWidth={1.75} aria-hidden="true" />}
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

function move(event: KeyboardEvent<HTMLDivElement>): boolean {
  const found = itemsOf(event.currentTarget);
  const at = found.indexOf(document.activeElement as HTMLElement);
  const forward = isRightToLeft(event.currentTarget) ? -1 : 1;
  const next = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    ArrowRight: at + forward,
    ArrowLeft: at - forward,
    Home: 0,
    End: found.length - 1,
  }[event.key];
  if (next === undefined) return false;
  event.preventDefault();
  found.at(next % Math.max(1, found.length))?.focus();
  return true;
}

function isLetter({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return key.length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey;
}

/** To what begins so. The same letter again and again goes from one to the next. */
function seek(menu: HTMLElement, word: string): void {
  const found = itemsOf(menu);
  const at = found.indexOf(document.activeElement as HTMLElement);
  const isRepeated = [...word].every((letter) => letter === word[0]);
  const from = isRepeated ? at + 1 : Math.max(0, at);
  const wanted = isRepeated ? (word[0] ?? "") : word;
  const inOrder = [...found.slice(from), ...found.slice(0, from)];
  inOrder.find((item) => item.textContent?.trim().toLocaleLowerCase().startsWith(wanted))?.focus();
}

function itemsOf(menu: HTMLElement | null): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
}
