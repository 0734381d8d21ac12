import { Archive } from "lucide-react";
import { api } from "../api/calls.ts";
import type { Action, RoomTarget } from "./action.ts";

export const archive: Action<RoomTarget> = {
  id: "archive",
  label: "Archive the room",
  icon: Archive,
  when: ({ conversation: { summary } }) =>
    summary.kind === "room" && summary.role === "owner" && summary.archived_at === null,
  async perform({ conversation }, { sync, confirm }) {
    const text = "Everyone can still read it; nobody can write until you open it again.";
    if (!(await confirm({ title: "Archive this room?", text, action: "Archive" }))) return;
    const details = await api.updateConversation(conversation.summary.id, { archived: true });
    sync.take({ type: "details", details });
  },
};
