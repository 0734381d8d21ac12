import { Bell } from "lucide-react";
import { isMuted } from "../app/told/muted.ts";
import type { Action, RoomTarget } from "./action.ts";

export const unmute: Action<RoomTarget> = {
  id: "unmute",
  label: "actions.unmute",
  icon: Bell,
  when: ({ conversation: { summary } }) => isMuted(summary.preferences, Date.now()),
  perform: ({ conversation }, { sync }) => sync.prefer(conversation.summary.id, { muted_until: null }),
};
