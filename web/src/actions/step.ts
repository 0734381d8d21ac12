// Up and down the list of conversations as it is shown, around its ends.
import { ArrowDown, ArrowUp } from "lucide-react";
import { callsIn } from "../app/told/muted.ts";
import { inOrder, type Look } from "../features/sidebar/sections.ts";
import { lingeringAt, view } from "../features/sidebar/view.ts";
import { type Key, t } from "../i18n/words.ts";
import type { State } from "../sync/state.ts";
import { notify } from "../ui/toasts.tsx";
import type { Action, HouseTarget } from "./action.ts";

type Step = 1 | -1;

export const previous = step("previous", "actions.previous", "Alt ArrowUp", -1, false);
export const next = step("next", "actions.next", "Alt ArrowDown", 1, false);
export const previousUnread = step(
  "previous-unread",
  "actions.previous-unread",
  "Alt Shift ArrowUp",
  -1,
  true,
);
export const nextUnread = step("next-unread", "actions.next-unread", "Alt Shift ArrowDown", 1, true);

function step(id: string, label: Key, shortcut: string, by: Step, onlyUnread: boolean): Action<HouseTarget> {
  return {
    id,
    label,
    icon: by < 0 ? ArrowUp : ArrowDown,
    shortcut,
    when: () => true,
    perform(_house, { sync, go }) {
      const state = sync.state();
      const look = { view: view(), open: state.open, lingering: lingeringAt(), now: Date.now() };
      const found = neighbour(state, look, by, onlyUnread);
      if (found !== null) go(`/c/${found}`);
      else if (onlyUnread) notify(t("actions.nothing-unread"));
    },
  };
}

/** The conversation above or below the open one, or the next there with something new that is not muted; `null`: there is
 * no other. */
export function neighbour(state: State, look: Look, by: Step, onlyUnread: boolean): number | null {
  const ordered = inOrder(Object.values(state.conversations), look).map(({ summary }) => summary);
  const at = ordered.findIndex(({ id }) => id === look.open);
  // From outside of the list one comes in at its end.
  const start = at >= 0 ? at : by > 0 ? -1 : ordered.length;
  for (let count = 1; count <= ordered.length; count += 1) {
    const found = ordered[(start + by * count + 2 * ordered.length) % ordered.length];
    if (found && found.id !== look.open && (!onlyUnread || callsIn(found, look.now) > 0)) return found.id;
  }
  return null;
}
