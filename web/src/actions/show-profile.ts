import { CircleUserRound } from "lucide-react";
import type { Action, MessageTarget } from "./action.ts";

export const showProfile: Action<MessageTarget> = {
  id: "profile",
  label: "actions.profile",
  values: ({ message }) => ({ name: message.author.display_name }),
  icon: CircleUserRound,
  when: ({ message }, { showProfile }) => showProfile !== undefined && message.body !== null,
  perform: ({ message }, { showProfile }) => showProfile?.(message),
};
