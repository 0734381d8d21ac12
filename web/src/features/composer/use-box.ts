// The box itself: as high as its text, and ready to be written in when one comes here or just begins to type.
import { type RefObject, useEffect, useLayoutEffect } from "react";

type Box = RefObject<HTMLTextAreaElement | null>;

/** As high as its text, up to what the style allows. */
export function useAutoHeight(area: Box, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text.
  useLayoutEffect(() => {
    const { current: box } = area;
    if (!box) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  }, [text, area]);
}

/** One comes here to write, except on screens where a keyboard would cover what is to be read. */
export function useFocusHere(area: Box): void {
  useEffect(() => {
    const isFree =
      document.activeElement === document.body || document.activeElement?.closest(".side") != null;
    if (isFree && matchMedia("(pointer: fine)").matches) area.current?.focus();
    // Letters that are typed nowhere are meant for this box.
    const onKey = (event: KeyboardEvent) => {
      const isText =
        event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (isText && document.activeElement === document.body) area.current?.focus();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [area]);
}
