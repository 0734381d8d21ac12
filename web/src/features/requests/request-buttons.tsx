// The two answers to somebody at the door.
import { useState } from "react";
import { t } from "../../i18n/words.ts";
import { Button } from "../../ui/button.tsx";

export interface RequestButtonsProps {
  name: string;
  onDeny: () => Promise<void>;
  onApprove: () => Promise<void>;
}

export function RequestButtons({ name, onDeny, onApprove }: RequestButtonsProps) {
  const [busy, setBusy] = useState<"deny" | "approve" | null>(null);
  const press = async (which: "deny" | "approve", answer: () => Promise<void>) => {
    if (busy) return;
    setBusy(which);
    await answer();
    setBusy(null);
  };
  return (
    <div className="ask-buttons">
      <Button
        busy={busy === "deny"}
        onClick={() => void press("deny", onDeny)}
        aria-label={t("requests.deny-name", { name })}
      >
        {t("requests.deny")}
      </Button>
      <Button
        look="strong"
        busy={busy === "approve"}
        onClick={() => void press("approve", onApprove)}
        aria-label={t("requests.approve-name", { name })}
      >
        {t("requests.approve")}
      </Button>
    </div>
  );
}
