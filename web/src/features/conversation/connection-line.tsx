// Said above the messages when they may not be the newest ones.
import { WifiOff } from "lucide-react";
import { useStatus } from "../../app/status.ts";
import { useIsLate } from "../../ui/skeleton.tsx";

/** The first connection of a page is quick; a line for it would only flicker. */
const LATE_MS = 1_500;

export function ConnectionLine() {
  const status = useStatus();
  const isLate = useIsLate(LATE_MS);
  if (status.isLive || !isLate) return null;
  return (
    <div className="connection" aria-hidden="true">
      <WifiOff size={16} strokeWidth={1.75} />
      {status.text}
    </div>
  );
}
