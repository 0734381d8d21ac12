// Marking as unread is a preference: what is read stays read, and the count of it too.
import { CircleDot } from "lucide-react";
import type { Action, MessageTarget, RoomTarget } from "./action.ts";

export const markUnreadFrom: Action<MessageTarget> = {
  id: "mark-unread-from",
  label: "actions.mark-unread-from",
  icon: CircleDot,
  shortcut: "U",
  when: () => true,
  perform: ({ message, conversation: { summary } }, { sync }) =>
    sync.prefer(summary.id, { unread_from: message.seq }),
};

export const markUnread: Action<RoomTarget> = {
  id: "mark-unread",
  label: "actions.mark-unread",
  icon: CircleDot,
  when: ({ conversation: { summary } }) =>
    summary.unread === 0 && summary.last_seq > 0 && !summary.preferences.unread_from,
  perform: ({ conversation: { summary } }, { sync }) =>
    sync.prefer(summary.id, { unread_from: summary.last_seq }),
};
