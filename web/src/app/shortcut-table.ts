// All keys, for the page that lists them. What an action does is read from the action; what belongs to a box or a list
// and is no action stands here.
import type { Action } from "../actions/action.ts";
import { HOUSE_ACTIONS } from "../actions/house-actions.ts";
import { MESSAGE_ACTIONS } from "../actions/message-actions.ts";

export interface ShortcutRow {
  label: string;
  /** Each of them does it. */
  keys: readonly string[];
}

export interface ShortcutGroup {
  title: string;
  rows: readonly ShortcutRow[];
}

export const SHORTCUT_GROUPS: readonly ShortcutGroup[] = [
  { title: "Everywhere", rows: rowsOf(HOUSE_ACTIONS) },
  {
    title: "Writing",
    rows: [
      { label: "Send", keys: ["Enter"] },
      { label: "New line", keys: ["Shift Enter"] },
      { label: "Edit your last message, in an empty box", keys: ["ArrowUp"] },
      { label: "To the messages, in an empty box", keys: ["PageUp"] },
      { label: "Take back the edit or the reply", keys: ["Esc"] },
    ],
  },
  {
    title: "At a message",
    rows: [
      { label: "Message above or below", keys: ["ArrowUp", "ArrowDown"] },
      { label: "First or last message shown", keys: ["Home", "End"] },
      { label: "Everything one can do with it", keys: ["Enter", "Shift F10"] },
      ...rowsOf(MESSAGE_ACTIONS),
      { label: "React 👍", keys: ["+"] },
      { label: "Back to writing", keys: ["Esc"] },
    ],
  },
];

function rowsOf<Target>(actions: readonly Action<Target>[]): ShortcutRow[] {
  return actions.flatMap(({ id, label, shortcut, also = [] }) => {
    return shortcut ? [{ label: typeof label === "string" ? label : id, keys: [shortcut, ...also] }] : [];
  });
}
