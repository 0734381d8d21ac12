// Short words beside what has the pointer or the focus, for everything with `data-tip`. They can be pointed at, stay until one
// leaves, and Escape takes them away without moving anything. They repeat the name, so that screen readers skip them.
import { useEffect } from "react";
import { putAt } from "./place.ts";
import "./tip.css";

/** Who only passes by sees nothing. */
const AFTER_MS = 400;
/** Long enough to move the pointer onto the words. */
const LEAVE_MS = 150;

/** Stands once in the page. */
export function Tips() {
  useEffect(() => {
    const tips = new TipLayer();
    const { signal, abort } = listening();
    const on = (name: string, heard: (event: Event) => void, capture = false) =>
      document.addEventListener(name, heard, { signal, capture });
    on("pointerover", (event) => {
      // A finger has no place to hover.
      if ((event as PointerEvent).pointerType !== "touch") tips.pointTo(event.target);
    });
    on("focusin", ({ target }) => tips.focusOn(target));
    on("focusout", () => tips.leave());
    on("pointerdown", () => tips.hide(), true);
    on("scroll", () => tips.hide(), true);
    // Not stopped: what else Escape does here, it does as well.
    on("keydown", (event) => (event as KeyboardEvent).key === "Escape" && tips.hide(), true);
    return () => {
      abort();
      tips.hide();
    };
  }, []);
  return null;
}

function listening() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/** One element for all of them. It is no part of React's tree: it goes where the words belong, into a dialog too. */
class TipLayer {
  #element: HTMLElement | null = null;
  #owner: HTMLElement | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  pointTo(target: EventTarget | null): void {
    if (!(target instanceof Element)) return;
    const owner = target.closest<HTMLElement>("[data-tip]");
    if (this.#element?.contains(target)) clearTimeout(this.#timer);
    else if (owner) this.#showSoon(owner);
    else if (!this.#owner?.matches(":focus-visible")) this.leave();
  }

  focusOn(target: EventTarget | null): void {
    if (target instanceof HTMLElement && target.dataset.tip && target.matches(":focus-visible"))
      this.#showSoon(target);
  }

  leave(): void {
    clearTimeout(this.#timer);
    if (this.#owner) this.#timer = setTimeout(() => this.hide(), LEAVE_MS);
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.#element?.remove();
    this.#element = null;
    this.#owner = null;
  }

  #showSoon(owner: HTMLElement): void {
    clearTimeout(this.#timer);
    if (owner === this.#owner) return;
    this.#timer = setTimeout(() => this.#show(owner), this.#owner ? 0 : AFTER_MS);
  }

  #show(owner: HTMLElement): void {
    this.hide();
    // What it opens stands there already.
    if (!owner.isConnected || owner.ariaExpanded === "true") return;
    const element = document.createElement("div");
    element.className = "tip";
    element.ariaHidden = "true";
    element.popover = "manual";
    element.textContent = owner.dataset.tip ?? "";
    // Everything outside a modal dialog cannot be pointed at.
    (owner.closest("dialog") ?? document.body).append(element);
    element.showPopover();
    const side = ({ above: "above", left: "before" } as const)[owner.dataset.tipSide ?? ""];
    putAt(element, { under: owner }, { side, align: "center" });
    this.#element = element;
    this.#owner = owner;
  }
}
