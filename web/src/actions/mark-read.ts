import { CheckCheck } from "lucide-react";
import type { Action, RoomTarget } from "./action.ts";

/** Only for one conversation: what is read cannot be made unread again. */
export const markRead: Action<RoomTarget> = {
  id: "mark-read",
  label: "actions.mark-read",
  icon: CheckCheck,
  when: ({ conversation: { summary } }) => summary.unread > 0,
  perform: ({ conversation: { summary } }, { sync }) => sync.read(summary.id, summary.last_seq),
};
