// Said above the messages when the one that a link leads to is not shown.
import { Link2Off, X } from "lucide-react";
import { t } from "../../i18n/words.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import type { Linked } from "./use-linked.ts";

export function LinkLine({ trouble, again, dismiss }: Linked) {
  return (
    <div className="link-line" role="status">
      {trouble && (
        <div className="connection">
          <Link2Off size={16} strokeWidth={1.75} aria-hidden="true" />
          {t(trouble === "missing" ? "conversation.link-missing" : "conversation.link-late")}
          {trouble === "late" && (
            <Button look="quiet" onClick={again}>
              {t("app.try-again")}
            </Button>
          )}
          <IconButton icon={X} size={16} label={t("ui.dismiss")} tip="left" onClick={dismiss} />
        </div>
      )}
    </div>
  );
}
