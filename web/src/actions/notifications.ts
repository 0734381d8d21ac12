import { BellRing } from "lucide-react";
import type { Action, HouseTarget, RoomTarget } from "./action.ts";

export const notifications: Action<RoomTarget & HouseTarget> = {
  id: "notifications",
  label: "actions.notifications",
  icon: BellRing,
  when: () => true,
  perform: ({ conversation, open }) => open({ notificationsOf: conversation.summary.id }),
};
