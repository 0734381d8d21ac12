// What menus and popovers share: shown above everything while they are rendered, placed, closed by a click elsewhere and
// by Escape, and the focus goes back.
import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import { type Place, putAt, type Wish } from "./place.ts";

/** `element` has a `popover`. One that is "auto" tells by `onToggle` that the browser has closed it; one that is "manual"
 * closes itself. */
export function useLayer(
  element: RefObject<HTMLElement | null>,
  place: Place,
  wish: Wish,
  onClose: () => void,
): void {
  const close = useRef(onClose);
  close.current = onClose;
  const { side, align, gap } = wish;
  const anchor = "under" in place ? place.under : null;

  // Who had the focus is asked before anything inside takes it, and gets it back when the layer is out of the page.
  const hadFocus = useRef<Element | null>(null);
  useLayoutEffect(() => {
    hadFocus.current = document.activeElement;
  }, []);
  useEffect(() => {
    return () => {
      const before = hadFocus.current;
      // Who has gone on elsewhere meanwhile, by a click for instance, is left there.
      const isLost = document.activeElement === document.body || document.activeElement === null;
      if (isLost && before instanceof HTMLElement && before.isConnected)
        before.focus({ preventScroll: true });
    };
  }, []);

  useLayoutEffect(() => {
    const layer = element.current;
    if (!layer) return;
    if (!layer.matches(":popover-open")) layer.showPopover();
    const put = () => putAt(layer, place, { side, align, gap });
    put();
    const scrolled = (event: Event) => {
      if (anchor && event.target instanceof Node && !layer.contains(event.target)) put();
    };
    // What is still loading grows.
    const sizes = new ResizeObserver(put);
    sizes.observe(layer);
    window.addEventListener("resize", put);
    window.addEventListener("scroll", scrolled, true);
    return () => {
      sizes.disconnect();
      window.removeEventListener("resize", put);
      window.removeEventListener("scroll", scrolled, true);
    };
  }, [element, place, anchor, side, align, gap]);

  // A press on what opened it closes it as a click elsewhere does; the click that follows must not open it again.
  useEffect(() => {
    if (!anchor) return;
    const swallow = (event: Event) => {
      event.stopPropagation();
      event.preventDefault();
    };
    const pressed = ({ target }: Event) => {
      if (!(target instanceof Node && anchor.contains(target))) return;
      anchor.addEventListener("click", swallow, { capture: true, once: true });
      // Without a click, because the pointer went elsewhere, the next one counts again.
      const release = () => setTimeout(() => anchor.removeEventListener("click", swallow, true));
      window.addEventListener("pointerup", release, { once: true });
      window.addEventListener("pointercancel", release, { once: true });
      close.current();
    };
    // Before anybody else hears of it: what closes on every press elsewhere would end this first.
    window.addEventListener("pointerdown", pressed, true);
    return () => window.removeEventListener("pointerdown", pressed, true);
  }, [anchor]);
}
