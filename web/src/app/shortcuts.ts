// Keys that work everywhere: those of the actions that do.
import { useLayoutEffect } from "react";
import { type HouseTarget, run } from "../actions/action.ts";
import { HOUSE_ACTIONS } from "../actions/house-actions.ts";
import { isPressed, isTyped } from "../lib/keys.ts";
import { useHouse } from "./house.ts";

export function useShortcuts(dialogs: HouseTarget): void {
  const { target, context } = useHouse(dialogs);
  // Before it is painted: what can be seen can be told by key.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // What is behind a dialog stays as it is.
      if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
      const meant = (keys: string) => isPressed(event, keys) && !(isTyped(keys) && isWriting());
      const action = HOUSE_ACTIONS.find(({ shortcut, also = [] }) => {
        return shortcut !== undefined && [shortcut, ...also].some(meant);
      });
      if (!action?.when(target, context)) return;
      event.preventDefault();
      void run(action, target, context);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [target, context]);
}

function isWriting(): boolean {
  const at = document.activeElement;
  return (
    at instanceof HTMLTextAreaElement ||
    at instanceof HTMLSelectElement ||
    (at instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(at.type)) ||
    (at instanceof HTMLElement && at.isContentEditable)
  );
}
