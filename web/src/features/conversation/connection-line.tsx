// Said above the messages when they may not be the newest ones, until they are again.
import { CheckCheck, RefreshCw, WifiOff } from "lucide-react";
import { useEffect, useState } from "react";
import { useSync } from "../../app/session.tsx";
import { useStatus } from "../../app/status.ts";
import { t } from "../../i18n/words.ts";
import { Button } from "../../ui/button.tsx";
import { useIsLate } from "../../ui/skeleton.tsx";

/** The first connection of a page is quick; a line for it would only flicker. */
const LATE_MS = 1_500;
/** How long the good news stands. */
const GOOD_MS = 2_500;

export function ConnectionLine() {
  const sync = useSync();
  const status = useStatus();
  const isLate = useIsLate(LATE_MS);
  const isShown = useUntilWell(!status.isLive && isLate, status.isDone);
  if (!isShown) return null;
  const Icon = !status.isLive ? WifiOff : status.isDone ? CheckCheck : RefreshCw;
  return (
    <div className="connection">
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
      {/* Said by the one place that says it, and not with every second. */}
      <span aria-hidden="true">{status.text}</span>
      {!status.isLive && status.keptFrom && <span aria-hidden="true">{status.keptFrom}</span>}
      {status.canHurry && (
        <Button look="quiet" aria-label={t("conversation.reconnect")} onClick={() => sync.nudge()}>
          {t("conversation.now")}
        </Button>
      )}
    </div>
  );
}

/** From the trouble on until all is well, and for a moment after. */
function useUntilWell(isTrouble: boolean, isDone: boolean): boolean {
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    if (isTrouble) setIsShown(true);
    if (isTrouble || !isDone) return;
    const timer = setTimeout(() => setIsShown(false), GOOD_MS);
    return () => clearTimeout(timer);
  }, [isTrouble, isDone]);
  return isShown || isTrouble;
}
