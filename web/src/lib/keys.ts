// Keys as they are written in the table of shortcuts: "Ctrl K", "Alt Shift ArrowUp", "?".
import { type Key, t } from "../i18n/words.ts";

export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const ARROWS: Readonly<Record<string, string>> = { ArrowUp: "↑", ArrowDown: "↓" };
const NAMED: Readonly<Record<string, Key>> = {
  Alt: "lib.key-alt",
  Ctrl: "lib.key-ctrl",
  Del: "lib.key-delete",
  End: "lib.key-end",
  Enter: "lib.key-enter",
  Esc: "lib.key-escape",
  Home: "lib.key-home",
  PageUp: "lib.key-page-up",
  Shift: "lib.key-shift",
};
const SPOKEN: Readonly<Record<string, Key>> = {
  ArrowUp: "lib.key-up",
  ArrowDown: "lib.key-down",
  "?": "lib.key-question-mark",
};

/** Whether these keys were pressed. The command key of a Mac counts as Ctrl. */
export function isPressed(press: Press, keys: string): boolean {
  const parts = keys.split(" ");
  const key = parts.at(-1) ?? "";
  // Where signs stand, and whether they need Shift, differs from keyboard to keyboard.
  const isSign = key.length === 1 && !/[\p{L}\p{N}]/u.test(key);
  return (
    press.key.toLowerCase() === key.toLowerCase() &&
    (press.ctrlKey || press.metaKey) === parts.includes("Ctrl") &&
    press.altKey === parts.includes("Alt") &&
    (isSign || press.shiftKey === parts.includes("Shift"))
  );
}

/** Whether these keys alone would write something. */
export function isTyped(keys: string): boolean {
  return keys.length === 1;
}

/** What stands on each of the keys. */
export function capsOf(keys: string): string[] {
  return keys.split(" ").map(capOf);
}

/** The same for a screen reader, which would leave arrows and signs out. */
export function spokenKeys(keys: string): string {
  return keys
    .split(" ")
    .map((key) => (SPOKEN[key] ? t(SPOKEN[key]) : capOf(key)))
    .join(" ");
}

function capOf(key: string): string {
  return NAMED[key] ? t(NAMED[key]) : (ARROWS[key] ?? key);
}
