import { Star } from "lucide-react";
import type { Action, RoomTarget } from "./action.ts";

export const favourite: Action<RoomTarget> = {
  id: "favourite",
  label: "actions.favourite",
  icon: Star,
  when: ({ conversation: { summary } }) => !summary.preferences.favourite,
  perform: ({ conversation }, { sync }) => sync.prefer(conversation.summary.id, { favourite: true }),
};
