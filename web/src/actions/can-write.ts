// Whether a conversation takes anything new: an archived room can only be read.
import type { Conversation } from "../sync/state.ts";

export function canWrite(conversation: Conversation): boolean {
  return conversation.summary.archived_at === null;
}
