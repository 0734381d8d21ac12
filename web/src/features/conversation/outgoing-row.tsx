// A message on its way: paler until the server has it; with a way out when it was refused.
import { memo } from "react";
import { useLanguage } from "../../i18n/words.ts";
import { oneLine } from "../../lib/text.ts";
import type { Outgoing } from "../../sync/state.ts";
import { Button } from "../../ui/button.tsx";
import { useIsLate } from "../../ui/skeleton.tsx";
import { type RowContext, SPOKEN_CHARS } from "./message-row.tsx";
import { MessageText } from "./message-text.tsx";

export interface OutgoingRowProps {
  entry: Outgoing;
  isFirst: boolean;
  isLive: boolean;
  context: RowContext;
  onRetry: (cid: string) => void;
  onDiscard: (cid: string) => void;
}

/** Usually the answer is there sooner, and the word would only flicker. */
const LATE_MS = 600;

export const OutgoingRow = memo(function OutgoingRow({
  entry,
  isFirst,
  isLive,
  context,
  onRetry,
  onDiscard,
}: OutgoingRowProps) {
  useLanguage();
  const isLate = useIsLate(LATE_MS);
  const isFailed = entry.state === "failed";
  const look = ["m mine", !isFirst && "more", isFailed ? "failed" : "on-its-way"].filter(Boolean).join(" ");
  return (
    <article
      className={look}
      data-key={entry.cid}
      aria-label={`You, ${isFailed ? "not sent" : "sending"}: ${oneLine(entry.body, SPOKEN_CHARS)}`}
    >
      <div className="m-body">
        <div className="bubble-line">
          <div className="bubble">
            <MessageText
              text={entry.body}
              mentions={null}
              usernames={context.usernames}
              rooms={context.rooms}
              me={context.me}
              isActive={false}
            />
          </div>
        </div>
        {isFailed ? (
          <div className="meta failure">
            <span role="alert">Not sent: {reason(entry)}</span>
            <Button look="quiet" onClick={() => onRetry(entry.cid)}>
              Try again
            </Button>
            <Button look="quiet" onClick={() => onDiscard(entry.cid)}>
              Delete
            </Button>
          </div>
        ) : (
          isLate && <div className="meta">{isLive ? "sending…" : "waiting for the connection"}</div>
        )}
      </div>
    </article>
  );
});

const REASONS: Record<string, string> = {
  conversation_archived: "the room is archived.",
  not_a_member: "you are not in this room any more.",
  too_large: "it is too long.",
  unknown_message: "the message it answers is gone.",
};

function reason({ error }: Outgoing): string {
  return REASONS[error?.code ?? ""] ?? error?.detail ?? "the server refused it.";
}
