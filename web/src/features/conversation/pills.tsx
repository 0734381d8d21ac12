// The two ways over the log: up to the first new message, down to the latest one.
import { ArrowDown, ArrowUp, CornerUpLeft, X } from "lucide-react";
import type { Seq } from "../../api/types.ts";
import { hidden } from "../../i18n/parts.tsx";
import { Rich } from "../../i18n/rich.tsx";
import { t } from "../../i18n/words.ts";
import type { Conversation } from "../../sync/state.ts";
import { isUnreadAbove } from "./use-reading.ts";

export interface UnreadPillProps {
  conversation: Conversation;
  onJump: (seq: Seq) => void;
  onRead: () => void;
}

/** While unread messages lie above what is held: to the first of them, or done with all of them. */
export function UnreadPill({ conversation, onJump, onRead }: UnreadPillProps) {
  if (!isUnreadAbove(conversation)) return null;
  const { unread, read_seq } = conversation.summary;
  return (
    <div className="pill two above">
      <button type="button" onClick={() => onJump(read_seq + 1)}>
        <ArrowUp size={16} aria-hidden="true" />
        {t("conversation.to-first-new", { count: unread })}
      </button>
      <button type="button" onClick={onRead}>
        {t("conversation.mark-read")}
      </button>
    </div>
  );
}

/** After following a quote: to the message that answered. */
export function BackPill({ onBack, onStay }: { onBack: () => void; onStay: () => void }) {
  return (
    <div className="pill two">
      <button type="button" aria-keyshortcuts="B" onClick={onBack}>
        <CornerUpLeft size={16} aria-hidden="true" />
        {t("conversation.back-pill")}
      </button>
      <button type="button" aria-label={t("conversation.stay")} onClick={onStay}>
        <X size={16} aria-hidden="true" />
      </button>
    </div>
  );
}

export function LatestPill({ unread, onClick }: { unread: number; onClick: () => void }) {
  return (
    <button type="button" className="pill" onClick={onClick}>
      <ArrowDown size={16} aria-hidden="true" />
      <Rich
        id={unread > 0 ? "conversation.latest-new" : "conversation.latest"}
        values={unread > 0 ? { count: unread } : {}}
        parts={{ hidden }}
      />
    </button>
  );
}
