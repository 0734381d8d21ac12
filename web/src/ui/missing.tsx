// What did not come, and why; it can be asked for again.
import { t } from "../i18n/words.ts";
import { Button } from "./button.tsx";

export interface MissingProps {
  why: string;
  isAsked?: boolean;
  onRetry: () => void;
}

export function Missing({ why, isAsked = false, onRetry }: MissingProps) {
  return (
    <p className="problem" role="alert">
      {why}{" "}
      <Button look="quiet" busy={isAsked} onClick={onRetry}>
        {t("app.try-again")}
      </Button>
    </p>
  );
}
