// Ctrl and the arrows bring back what one sent here.
import { type KeyboardEvent, type RefObject, useRef } from "react";
import { applyEdit } from "./box-edit.ts";
import { isControl } from "./keys.ts";
import { type Recalled, recall, rememberSent, sentTo } from "./recall.ts";

export function useRecall(
  area: RefObject<HTMLTextAreaElement | null>,
  account: number,
  conversation: number,
) {
  const last = useRef<Recalled | null>(null);
  return {
    keep: (text: string) => rememberSent({ account, conversation, text }),
    /** Whether the key was one of them. */
    onKey(event: KeyboardEvent): boolean {
      const { current: box } = area;
      const isArrow = event.key === "ArrowUp" || event.key === "ArrowDown";
      if (!box || !isArrow || !isControl(event) || event.shiftKey) return false;
      const by = event.key === "ArrowUp" ? 1 : -1;
      const next = recall(sentTo(account, conversation), last.current, box.value, by);
      if (next) {
        last.current = next;
        applyEdit(box, { from: 0, to: box.value.length, text: next.text });
      }
      return true;
    },
  };
}
