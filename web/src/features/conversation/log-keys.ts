// The keys of a message that has the focus: arrows move, letters do what the menu offers under them.
import type { KeyboardEvent } from "react";
import { type Context, explain, type MessageTarget, run } from "../../actions/action.ts";
import { MESSAGE_ACTIONS } from "../../actions/message-actions.ts";
import { canReact, toggleReaction } from "../../actions/react.ts";
import { notify } from "../../ui/toasts.tsx";

/** Of a screen, so that something of it stays in view. */
const SCREEN_SHARE = 0.8;

/** The message that this key leads to. */
export function neighbourOf(row: HTMLElement, key: string): HTMLElement | null {
  const all = [...(row.parentElement?.querySelectorAll<HTMLElement>(":scope > [data-seq]") ?? [])];
  const at = all.indexOf(row);
  const next = {
    ArrowUp: at - 1,
    ArrowDown: at + 1,
    Home: 0,
    End: all.length - 1,
    PageUp: screenFrom(all, at, -1),
    PageDown: screenFrom(all, at, 1),
  }[key];
  return next === undefined ? null : (all[Math.max(0, Math.min(next, all.length - 1))] ?? null);
}

/** The row that is almost a screen away, and never the same. */
function screenFrom(all: readonly HTMLElement[], at: number, step: 1 | -1): number {
  const from = all[at];
  const far = (from?.closest(".log")?.clientHeight ?? 0) * SCREEN_SHARE;
  let to = at + step;
  while (from && all[to + step] && Math.abs((all[to]?.offsetTop ?? 0) - from.offsetTop) < far) to += step;
  return to;
}

export function opensMenu(event: KeyboardEvent): boolean {
  return event.key === "Enter" || event.key === "ContextMenu" || (event.shiftKey && event.key === "F10");
}

/** A key that would write something. */
export function isText(event: KeyboardEvent): boolean {
  return event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
}

/** Does what stands under this key in the menu. `false`: nothing does. */
export function perform(event: KeyboardEvent, target: MessageTarget, context: Context): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const pressed = event.key === "Delete" ? "Del" : event.key.toUpperCase();
  const action = MESSAGE_ACTIONS.find((one) => one.shortcut === pressed && one.when(target, context));
  if (action) void run(action, target, context);
  else if (event.key === "+" && canReact(target)) react(target, "👍", context);
  else return false;
  return true;
}

export function react(target: MessageTarget, emoji: string, context: Context): void {
  toggleReaction(target, emoji, context).catch((error: unknown) => notify(explain(error), true));
}
