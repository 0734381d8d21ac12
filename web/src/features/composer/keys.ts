// What the keys of the box mean.
import type { EnterKey } from "../../app/enter-key.ts";
import { isInFence } from "./code.ts";

export interface Pressed {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

/** Whether this Enter sends; every other makes a line. Ctrl+Enter sends from anywhere. */
export function sends(pressed: Pressed, choice: EnterKey, text: string, caret: number): boolean {
  if (pressed.key !== "Enter" || pressed.altKey || pressed.shiftKey) return false;
  if (pressed.ctrlKey || pressed.metaKey) return true;
  return choice === "send" && !isInFence(text, caret);
}

export function isPlain(pressed: Pressed): boolean {
  return !pressed.shiftKey && !pressed.ctrlKey && !pressed.altKey && !pressed.metaKey;
}

export function isShift(pressed: Pressed): boolean {
  return pressed.shiftKey && !pressed.ctrlKey && !pressed.altKey && !pressed.metaKey;
}

/** The control key, or what stands for it on a Mac. */
export function isControl(pressed: Pressed): boolean {
  return (pressed.ctrlKey || pressed.metaKey) && !pressed.altKey;
}
