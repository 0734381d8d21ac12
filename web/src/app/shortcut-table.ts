// All keys, for the page that lists them. What an action does is read from the action; what belongs to a box or a list
// and is no action stands here.
import type { Action } from "../actions/action.ts";
import { HOUSE_ACTIONS } from "../actions/house-actions.ts";
import { MESSAGE_ACTIONS } from "../actions/message-actions.ts";
import type { EnterKey } from "./enter-key.ts";

export interface ShortcutRow {
  label: string;
  /** Each of them does it. */
  keys: readonly string[];
}

export interface ShortcutGroup {
  title: string;
  rows: readonly ShortcutRow[];
}

/** All of them. What Enter does in the box is as one chose it. */
export function shortcutGroups(enter: EnterKey): readonly ShortcutGroup[] {
  return [
    { title: "Everywhere", rows: rowsOf(HOUSE_ACTIONS) },
    { title: "Writing", rows: [...ENTER[enter], ...WRITING] },
    { title: "At a message", rows: AT_A_MESSAGE },
  ];
}

const ENTER: Readonly<Record<EnterKey, readonly ShortcutRow[]>> = {
  send: [
    { label: "Send; in a block of code a new line", keys: ["Enter"] },
    { label: "New line", keys: ["Shift Enter"] },
    { label: "Send from anywhere in the text", keys: ["Ctrl Enter"] },
  ],
  line: [
    { label: "Send", keys: ["Ctrl Enter"] },
    { label: "New line", keys: ["Enter"] },
  ],
};

const WRITING: readonly ShortcutRow[] = [
  { label: "Edit your last message, in an empty box", keys: ["ArrowUp"] },
  { label: "Reply to the last message, in an empty box", keys: ["Shift ArrowUp"] },
  { label: "To the messages, in an empty box", keys: ["PageUp"] },
  { label: "Take back the edit or the reply", keys: ["Esc"] },
  { label: "Bold", keys: ["Ctrl B"] },
  { label: "Italic", keys: ["Ctrl I"] },
  { label: "Struck through", keys: ["Ctrl Shift X"] },
  { label: "Code", keys: ["Ctrl Shift C"] },
  { label: "Emoji", keys: ["Ctrl Shift E"] },
  { label: "Name a person, a room, an emoji", keys: ["@", "#", ":"] },
  { label: "Commands, at the beginning", keys: ["/"] },
];

const AT_A_MESSAGE: readonly ShortcutRow[] = [
  { label: "Message above or below", keys: ["ArrowUp", "ArrowDown"] },
  { label: "First or last message shown", keys: ["Home", "End"] },
  { label: "Everything one can do with it", keys: ["Enter", "Shift F10"] },
  ...rowsOf(MESSAGE_ACTIONS),
  { label: "React 👍", keys: ["+"] },
  { label: "Back to writing", keys: ["Esc"] },
];

function rowsOf<Target>(actions: readonly Action<Target>[]): ShortcutRow[] {
  return actions.flatMap(({ id, label, shortcut, also = [] }) => {
    return shortcut ? [{ label: typeof label === "string" ? label : id, keys: [shortcut, ...also] }] : [];
  });
}
