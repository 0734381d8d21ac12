// The two answers to somebody at the door.
import { useState } from "react";
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
        aria-label={`Not now: ${name}`}
      >
        Not now
      </Button>
      <Button
        look="strong"
        busy={busy === "approve"}
        onClick={() => void press("approve", onApprove)}
        aria-label={`Let in: ${name}`}
      >
        Let in
      </Button>
    </div>
  );
}
