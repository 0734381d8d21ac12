// A message on its way: paler until the server has it; with a way out when it was refused.
import { memo } from "react";
import { explainKept } from "../../actions/action.ts";
import { type Key, t, useLanguage } from "../../i18n/words.ts";
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
      aria-label={t(isFailed ? "conversation.label-not-sent" : "conversation.label-sending", {
        text: oneLine(entry.body, SPOKEN_CHARS),
      })}
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
            <span role="alert">{reason(entry)}</span>
            <Button look="quiet" onClick={() => onRetry(entry.cid)}>
              {t("app.try-again")}
            </Button>
            <Button look="quiet" onClick={() => onDiscard(entry.cid)}>
              {t("actions.delete")}
            </Button>
          </div>
        ) : (
          isLate && <div className="meta">{t(isLive ? "conversation.sending" : "conversation.waiting")}</div>
        )}
      </div>
    </article>
  );
});

const REASONS: Readonly<Record<string, Key>> = {
  conversation_archived: "conversation.not-sent-archived",
  not_a_member: "conversation.not-sent-member",
  too_large: "conversation.not-sent-long",
  unknown_message: "conversation.not-sent-original",
};

function reason({ error }: Outgoing): string {
  const known = REASONS[error?.code ?? ""];
  if (known) return t(known);
  if (!error?.detail) return t("conversation.not-sent-refused");
  return t("conversation.not-sent", { reason: explainKept(error) });
}
