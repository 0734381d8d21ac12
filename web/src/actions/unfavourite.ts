import { StarOff } from "lucide-react";
import type { Action, RoomTarget } from "./action.ts";

export const unfavourite: Action<RoomTarget> = {
  id: "unfavourite",
  label: "actions.unfavourite",
  icon: StarOff,
  when: ({ conversation: { summary } }) => summary.preferences.favourite,
  perform: ({ conversation }, { sync }) => sync.prefer(conversation.summary.id, { favourite: false }),
};
