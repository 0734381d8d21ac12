// Keys and pastes that change the text of the box.
import type { ClipboardEvent, KeyboardEvent, RefObject } from "react";
import { applyEdit } from "./box-edit.ts";
import { formatOf, linkOf } from "./formatting.ts";

export function useFormatKeys(area: RefObject<HTMLTextAreaElement | null>) {
  return {
    /** Whether the key was one of them. */
    onKey(event: KeyboardEvent): boolean {
      const { current: box } = area;
      const edit = box && formatOf(event, box.value, box.selectionStart, box.selectionEnd);
      if (!edit) return false;
      applyEdit(box, edit);
      return true;
    },
    onPaste(event: ClipboardEvent<HTMLTextAreaElement>): void {
      const { value, selectionStart, selectionEnd } = event.currentTarget;
      const edit = linkOf(event.clipboardData.getData("text/plain"), value, selectionStart, selectionEnd);
      if (!edit) return;
      event.preventDefault();
      applyEdit(event.currentTarget, edit);
    },
  };
}
