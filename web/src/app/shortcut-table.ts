// All keys, for the page that lists them. What an action does is read from the action; what belongs to a box or a list
// and is no action stands here.
import type { Action } from "../actions/action.ts";
import { HOUSE_ACTIONS } from "../actions/house-actions.ts";
import { MESSAGE_ACTIONS } from "../actions/message-actions.ts";
import type { Key } from "../i18n/words.ts";
import type { EnterKey } from "./enter-key.ts";

export interface ShortcutRow {
  label: Key;
  /** Each of them does it. */
  keys: readonly string[];
}

export interface ShortcutGroup {
  title: Key;
  rows: readonly ShortcutRow[];
}

/** All of them. What Enter does in the box is as one chose it. */
export function shortcutGroups(enter: EnterKey): readonly ShortcutGroup[] {
  return [
    { title: "shortcuts.everywhere", rows: rowsOf(HOUSE_ACTIONS) },
    { title: "shortcuts.writing", rows: [...ENTER[enter], ...WRITING] },
    { title: "shortcuts.at-a-line", rows: AT_A_LINE },
    { title: "shortcuts.at-a-message", rows: AT_A_MESSAGE },
  ];
}

const ENTER: Readonly<Record<EnterKey, readonly ShortcutRow[]>> = {
  send: [
    { label: "shortcuts.send-or-line", keys: ["Enter"] },
    { label: "shortcuts.new-line", keys: ["Shift Enter"] },
    { label: "shortcuts.send-anywhere", keys: ["Ctrl Enter"] },
  ],
  line: [
    { label: "shortcuts.send", keys: ["Ctrl Enter"] },
    { label: "shortcuts.new-line", keys: ["Enter"] },
  ],
};

const WRITING: readonly ShortcutRow[] = [
  { label: "shortcuts.edit-last", keys: ["ArrowUp"] },
  { label: "shortcuts.reply-last", keys: ["Shift ArrowUp"] },
  { label: "shortcuts.recall", keys: ["Ctrl ArrowUp", "Ctrl ArrowDown"] },
  { label: "shortcuts.to-messages", keys: ["PageUp"] },
  { label: "shortcuts.take-back", keys: ["Esc"] },
  { label: "shortcuts.bold", keys: ["Ctrl B"] },
  { label: "shortcuts.italic", keys: ["Ctrl I"] },
  { label: "shortcuts.struck", keys: ["Ctrl Shift X"] },
  { label: "shortcuts.code", keys: ["Ctrl Shift C"] },
  { label: "shortcuts.emoji", keys: ["Ctrl Shift E"] },
  { label: "shortcuts.name", keys: ["@", "#", ":"] },
  { label: "shortcuts.commands", keys: ["/"] },
];

const AT_A_LINE: readonly ShortcutRow[] = [{ label: "shortcuts.menu", keys: ["Shift F10"] }];

const AT_A_MESSAGE: readonly ShortcutRow[] = [
  { label: "shortcuts.step", keys: ["ArrowUp", "ArrowDown"] },
  { label: "shortcuts.ends", keys: ["Home", "End"] },
  { label: "shortcuts.menu", keys: ["Enter", "Shift F10"] },
  ...rowsOf(MESSAGE_ACTIONS),
  { label: "shortcuts.undelete", keys: ["Ctrl Z"] },
  { label: "shortcuts.react", keys: ["+"] },
  { label: "shortcuts.page", keys: ["PageUp", "PageDown"] },
  { label: "shortcuts.back-to-place", keys: ["B"] },
  { label: "shortcuts.back", keys: ["Esc"] },
];

function rowsOf<Target>(actions: readonly Action<Target>[]): ShortcutRow[] {
  return actions.flatMap(({ label, shortcut, also = [] }) => {
    return shortcut ? [{ label, keys: [shortcut, ...also] }] : [];
  });
}
