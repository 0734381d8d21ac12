// A change to the text of the box that somebody did not type: as if they had, so that Ctrl+Z takes it back.

export interface BoxEdit {
  /** What is replaced. */
  from: number;
  to: number;
  text: string;
  /** What is selected afterwards; absent: the caret stands behind the new text. */
  select?: readonly [number, number];
}

export function applyEdit(box: HTMLTextAreaElement, { from, to, text, select }: BoxEdit): void {
  box.focus();
  box.setSelectionRange(from, to);
  // Deprecated and without a successor: nothing else goes into the history that Ctrl+Z undoes.
  const isDone =
    text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
  if (!isDone && (text !== "" || from !== to)) {
    box.setRangeText(text, from, to, "end");
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  const end = from + text.length;
  box.setSelectionRange(...(select ?? ([end, end] as const)));
}
