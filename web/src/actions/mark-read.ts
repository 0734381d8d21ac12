import { CheckCheck } from "lucide-react";
import type { ConversationSummary } from "../api/types.ts";
import type { Sync } from "../sync/sync.ts";
import type { Action, RoomTarget } from "./action.ts";

/** Only for one conversation: what was really unread cannot be brought back. */
export const markRead: Action<RoomTarget> = {
  id: "mark-read",
  label: "actions.mark-read",
  icon: CheckCheck,
  when: ({ conversation: { summary } }) => summary.unread > 0 || Boolean(summary.preferences.unread_from),
  async perform({ conversation: { summary } }, { sync }) {
    sync.read(summary.id, summary.last_seq);
    await unmark(summary, sync);
  },
};

/** What I marked unread is so no longer. */
export async function unmark({ id, preferences }: ConversationSummary, sync: Sync): Promise<void> {
  if (preferences.unread_from) await sync.prefer(id, { unread_from: null });
}
