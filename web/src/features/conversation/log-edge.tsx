// Where the messages held end and others are to come: quiet bars, or what went wrong and a way to try again.
import { useEffect, useState } from "react";
import { t } from "../../i18n/words.ts";
import { Button } from "../../ui/button.tsx";

export interface LogEdgeProps {
  side: "older" | "newer";
  /** A new object with every failure; `null`: nothing went wrong. */
  stuck: object | null;
  onRetry: () => void;
}

/** Of the bars, in hundredths of the line. */
const WIDTHS = [46, 30, 58];

export function LogEdge({ side, stuck, onRetry }: LogEdgeProps) {
  const [isAsked, setIsAsked] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every failure ends the attempt.
  useEffect(() => setIsAsked(false), [stuck]);
  if (!stuck) {
    return (
      <div className="log-edge" aria-hidden="true">
        {WIDTHS.map((width) => (
          <span key={width} className="skeleton-bar" style={{ width: `${width}%` }} />
        ))}
      </div>
    );
  }
  return (
    <div className="log-edge">
      <p role="status">{t(side === "older" ? "conversation.older-missing" : "conversation.newer-missing")}</p>
      <Button
        busy={isAsked}
        onClick={() => {
          setIsAsked(true);
          onRetry();
        }}
      >
        {t("app.try-again")}
      </Button>
    </div>
  );
}
