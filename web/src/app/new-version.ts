// A server that was exchanged brings another client with it: offered, never forced. Drafts and what waits to be sent are
// kept over the reload.
import { useEffect, useRef } from "react";
import { servedScript } from "../api/page.ts";
import { t } from "../i18n/words.ts";
import { offer } from "../ui/toasts.tsx";
import { useCopy } from "./copy.ts";
import { loadNewest, OTHER_BUILD, runningScript } from "./worker.ts";

/** Where the build says that a part of the page could not be loaded, perhaps because only newer ones are left. */
const PART_MISSING = "vite:preloadError";

export function useNewVersion(): void {
  const isLive = useCopy((state) => state.connection.phase === "live");
  const offered = useRef<string | null>(null);
  const wasLive = useRef(false);
  useEffect(() => {
    const look = async () => {
      const served = await servedScript();
      if (served === null || served === runningScript() || served === offered.current) return;
      offered.current = served;
      offer(t("app.new-version"), { label: t("app.reload"), perform: loadNewest });
    };
    // Whoever exchanges a server ends its connections.
    if (isLive && wasLive.current) void look();
    if (isLive) wasLive.current = true;
    const onSign = () => void look();
    const signs = [PART_MISSING, OTHER_BUILD];
    for (const sign of signs) window.addEventListener(sign, onSign);
    return () => {
      for (const sign of signs) window.removeEventListener(sign, onSign);
    };
  }, [isLive]);
}
