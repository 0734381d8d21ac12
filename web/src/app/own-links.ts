// Links in messages that lead to another place of this client are followed here, not in a new window.
import { useEffect } from "react";
import { useLocation } from "wouter";

/** Conversations and their messages, and invites. */
const OWN_PATH = /^\/(?:c|join)\//;

export function useOwnLinks(): void {
  const [, go] = useLocation();
  useEffect(() => {
    const onClick = (event: MouseEvent) => {
      const isPlain =
        event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
      const link =
        event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
      if (!link || !isPlain || event.defaultPrevented) return;
      const { origin, pathname, search, hash } = new URL(link.href);
      if (origin !== location.origin || !OWN_PATH.test(pathname)) return;
      event.preventDefault();
      go(pathname + search + hash);
    };
    document.addEventListener("click", onClick);
    return () => document.removeEventListener("click", onClick);
  }, [go]);
}
