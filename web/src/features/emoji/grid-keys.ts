// How the keys move through the grids of the emoji panel, as if they were one.
import type { KeyboardEvent } from "react";

/** Lines that Page Up and Page Down pass over. */
const PAGE_LINES = 5;

export function cellsOf(scroller: HTMLElement | null): HTMLElement[] {
  return [...(scroller?.querySelectorAll<HTMLElement>("[role=gridcell]") ?? [])];
}

/** Where the key leads: a cell, back to the search, or nowhere. */
export function nextCell(scroller: HTMLElement | null, event: KeyboardEvent): HTMLElement | "search" | null {
  const from = (event.target as Element).closest<HTMLElement>("[role=gridcell]");
  if (!from) return null;
  const { key, ctrlKey, metaKey, altKey } = event;
  if (key.length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey) return "search";
  const lines = [...(scroller?.querySelectorAll<HTMLElement>("[role=row]") ?? [])];
  const line = lines.findIndex((row) => row.contains(from));
  const column = [...(lines[line]?.children ?? [])].indexOf(from);
  const isToEdge = ctrlKey || metaKey;
  const cells = cellsOf(scroller);
  const at = cells.indexOf(from);
  switch (key) {
    case "ArrowRight":
      return cells[at + 1] ?? null;
    case "ArrowLeft":
      return at === 0 ? "search" : (cells[at - 1] ?? null);
    case "ArrowUp":
      return line === 0 ? "search" : cellIn(lines[line - 1], column);
    case "ArrowDown":
      return cellIn(lines[line + 1], column);
    case "PageUp":
      return cellIn(lines[Math.max(0, line - PAGE_LINES)], column);
    case "PageDown":
      return cellIn(lines[Math.min(lines.length - 1, line + PAGE_LINES)], column);
    case "Home":
      return isToEdge ? (cells[0] ?? null) : cellIn(lines[line], 0);
    case "End":
      return isToEdge ? (cells.at(-1) ?? null) : cellIn(lines[line], Number.MAX_SAFE_INTEGER);
    default:
      return null;
  }
}

/** The cell of this column; a shorter line gives its last. */
function cellIn(row: HTMLElement | undefined, column: number): HTMLElement | null {
  const cells = row?.children;
  const cell = cells?.[Math.min(column, cells.length - 1)];
  return cell instanceof HTMLElement ? cell : null;
}

/** Tab comes back to where one was. */
export function focusCell(cell: HTMLElement | undefined): void {
  if (!cell) return;
  const panel = cell.closest(".emoji-scroll");
  for (const stop of panel?.querySelectorAll<HTMLElement>("[role=gridcell][tabindex='0']") ?? [])
    stop.tabIndex = -1;
  cell.tabIndex = 0;
  cell.focus();
  cell.scrollIntoView({ block: "nearest" });
}

export function focusSection(scroller: HTMLElement | null, key: string): void {
  const section = scroller?.querySelector<HTMLElement>(`[data-group="${key}"]`);
  section?.scrollIntoView({ block: "start" });
  focusCell(cellsOf(section ?? null)[0]);
}

/** Arrows, Home and End lead from one group's button to another's. */
export function moveInToolbar(event: KeyboardEvent<HTMLElement>): void {
  const buttons = [...event.currentTarget.querySelectorAll<Element>("button")];
  const at = document.activeElement ? buttons.indexOf(document.activeElement) : -1;
  const last = buttons.length - 1;
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  (buttons.at(next > last ? 0 : next) as HTMLElement | undefined)?.focus();
}
