// Where something that opens is put: beside what it belongs to, on the side with room, never over the window's edge.

/** At a pointer, or at an element's edge. */
export type Place = { x: number; y: number } | { under: HTMLElement };

export interface Wish {
  /** The side that is tried first; the opposite one is taken when there is no room. `before`: where the line begins. */
  side?: "below" | "above" | "before" | undefined;
  /** Which edges are in one line, above and below. The ends of a line are those of the writing direction. */
  align?: "start" | "center" | "end" | undefined;
  /** From the element, in pixels. */
  gap?: number | undefined;
}

/** Distance from the window's edge, in pixels. */
const MARGIN = 8;

/** Moves a fixed element. It must be shown: its size counts. */
export function putAt(element: HTMLElement, place: Place, wish: Wish = {}): void {
  const { side = "below", align = "end", gap = 4 } = wish;
  const size = element.getBoundingClientRect();
  const isRtl = isRightToLeft("under" in place ? place.under : element);
  const { left, top } =
    "under" in place
      ? beside(place.under.getBoundingClientRect(), size, { side, align, gap }, isRtl)
      : {
          left: isRtl ? place.x - size.width : place.x,
          top: either(place.y, place.y - size.height, size.height),
        };
  element.style.left = `${clamp(left, window.innerWidth - size.width)}px`;
  element.style.top = `${clamp(top, window.innerHeight - size.height)}px`;
}

function beside(edge: DOMRect, size: DOMRect, { side, align, gap = 0 }: Wish, isRtl: boolean) {
  if (side === "before") {
    const before = edge.left - gap - size.width;
    const after = edge.right + gap;
    const fits = isRtl ? after + size.width <= window.innerWidth - MARGIN : before >= MARGIN;
    return { left: fits !== isRtl ? before : after, top: edge.top + (edge.height - size.height) / 2 };
  }
  const below = edge.bottom + gap;
  const above = edge.top - gap - size.height;
  const top = side === "above" ? (above >= MARGIN ? above : below) : either(below, above, size.height);
  if (align === "center") return { left: edge.left + (edge.width - size.width) / 2, top };
  return { left: (align === "start") === isRtl ? edge.right - size.width : edge.left, top };
}

/** The lower place if there is room or there is none above either. */
function either(below: number, above: number, height: number): number {
  return below + height <= window.innerHeight - MARGIN || above < MARGIN ? below : above;
}

export function isRightToLeft(element: Element): boolean {
  return getComputedStyle(element).direction === "rtl";
}

function clamp(wanted: number, max: number): number {
  return Math.max(MARGIN, Math.min(wanted, max - MARGIN));
}
