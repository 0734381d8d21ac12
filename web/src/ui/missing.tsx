// What was not done or did not come, and why; what did not come can be asked for again.
import type { ReactNode } from "react";
import { t } from "../i18n/words.ts";
import { Button } from "./button.tsx";

export interface MissingProps {
  why: string;
  isAsked?: boolean;
  onRetry: () => void;
}

export function Missing({ why, isAsked = false, onRetry }: MissingProps) {
  return (
    <Problem>
      {why}{" "}
      <Button look="quiet" busy={isAsked} onClick={onRetry}>
        {t("app.try-again")}
      </Button>
    </Problem>
  );
}

/** Nothing, as long as there is nothing to say. */
export function Problem({ children }: { children: ReactNode }) {
  return (
    children && (
      <p className="problem" role="alert">
        {children}
      </p>
    )
  );
}
