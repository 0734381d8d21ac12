// What Enter does in the box in which one writes. Kept on this device: keyboards differ, people as well.
import { readItem, writeItem } from "../lib/storage.ts";

/** `send`: Shift+Enter makes a line. `line`: Ctrl+Enter sends. */
export type EnterKey = "send" | "line";

const KEY = "parlor.enter";

/** Read when it counts, so that a change in the settings holds in every window at once. */
export function enterKey(): EnterKey {
  return readItem(KEY) === "line" ? "line" : "send";
}

export function keepEnterKey(choice: EnterKey): void {
  writeItem(KEY, choice === "send" ? null : choice);
}
