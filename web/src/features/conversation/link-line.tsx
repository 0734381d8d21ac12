// Said above the messages when the one that a link leads to is not shown.
import { Link2Off, X } from "lucide-react";
import { Button, IconButton } from "../../ui/button.tsx";
import type { Linked } from "./use-linked.ts";

export function LinkLine({ trouble, again, dismiss }: Linked) {
  return (
    <div className="link-line" role="status">
      {trouble && (
        <div className="connection">
          <Link2Off size={16} strokeWidth={1.75} aria-hidden="true" />
          {trouble === "missing"
            ? "The link leads to a message that is not here."
            : "The message that the link leads to could not be loaded."}
          {trouble === "late" && (
            <Button look="quiet" onClick={again}>
              Try again
            </Button>
          )}
          <IconButton icon={X} size={16} label="Dismiss" tip="left" onClick={dismiss} />
        </div>
      )}
    </div>
  );
}
