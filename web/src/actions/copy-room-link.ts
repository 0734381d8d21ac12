import { Link } from "lucide-react";
import type { Action, RoomTarget } from "./action.ts";
import { copyAddress } from "./clipboard.ts";

export const copyRoomLink: Action<RoomTarget> = {
  id: "copy-room-link",
  label: "actions.copy-link",
  icon: Link,
  when: () => true,
  perform: ({ conversation }) => copyAddress(`/c/${conversation.summary.id}`),
};
