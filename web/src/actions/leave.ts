import { LogOut } from "lucide-react";
import { api } from "../api/calls.ts";
import type { Action, RoomTarget } from "./action.ts";

export const leave: Action<RoomTarget> = {
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
