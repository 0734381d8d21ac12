// What one can do to a whole room.
import { Archive, ArchiveRestore, LogOut } from "lucide-react";
import { api } from "../api/calls.ts";
import type { Action, RoomTarget } from "./action.ts";

const archive: Action<RoomTarget> = {
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

const reopen: Action<RoomTarget> = {
  id: "reopen",
  label: "Open the room again",
  icon: ArchiveRestore,
  when: ({ conversation: { summary } }) =>
    summary.kind === "room" && summary.role === "owner" && summary.archived_at !== null,
  async perform({ conversation }, { sync }) {
    const details = await api.updateConversation(conversation.summary.id, { archived: false });
    sync.take({ type: "details", details });
  },
};

const leave: Action<RoomTarget> = {
  id: "leave",
  label: "Leave the room",
  icon: LogOut,
  danger: true,
  when: ({ conversation: { summary } }) => summary.kind === "room" && summary.role !== "owner",
  async perform({ conversation }, { sync, confirm, go }) {
    const { id, name } = conversation.summary;
    const text = "You no longer see what is written there. To come back you need an invite.";
    if (!(await confirm({ title: `Leave ${name}?`, text, action: "Leave", danger: true }))) return;
    await api.leave(id);
    go("/");
    sync.take({ type: "gone", conversation: id });
  },
};

export const ROOM_ACTIONS: readonly Action<RoomTarget>[] = [archive, reopen, leave];
