import { ArchiveRestore } from "lucide-react";
import { api } from "../api/calls.ts";
import type { Action, RoomTarget } from "./action.ts";

export const reopen: Action<RoomTarget> = {
  id: "reopen",
  label: "actions.reopen",
  icon: ArchiveRestore,
  when: ({ conversation: { summary } }) =>
    summary.kind === "room" && summary.role === "owner" && summary.archived_at !== null,
  async perform({ conversation }, { sync }) {
    const details = await api.updateConversation(conversation.summary.id, { archived: false });
    sync.take({ type: "details", details });
  },
};
