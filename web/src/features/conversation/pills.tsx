// The two ways over the log: up to the first new message, down to the latest one.
import { ArrowDown, ArrowUp } from "lucide-react";
import type { Seq } from "../../api/types.ts";
import type { Conversation } from "../../sync/state.ts";

export interface FirstNewPillProps {
  conversation: Conversation;
  /** Where reading had stopped when one came. */
  newAfter: Seq | null;
  onJump: (seq: Seq) => void;
}

/** Only while the first new message is above what is held: later the line shows where it is. */
export function FirstNewPill({ conversation, newAfter, onJump }: FirstNewPillProps) {
  const first = conversation.window?.messages[0]?.seq ?? 0;
  if (newAfter === null || !conversation.window?.hasOlder || first <= newAfter + 1) return null;
  return (
    <button type="button" className="pill above" onClick={() => onJump(newAfter + 1)}>
      <ArrowUp size={16} aria-hidden="true" />
      {conversation.summary.last_seq - newAfter} new: go to the first
    </button>
  );
}

export function LatestPill({ unread, onClick }: { unread: number; onClick: () => void }) {
  return (
    <button type="button" className="pill below" onClick={onClick}>
      <ArrowDown size={16} aria-hidden="true" />
      {unread > 0 ? `${unread} new` : "Latest"}
      <span className="hidden-text">: go to the latest message</span>
    </button>
  );
}
