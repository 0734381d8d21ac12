import { Reply } from "lucide-react";
import type { Action, MessageTarget } from "./action.ts";
import { canWrite } from "./can-write.ts";

export const reply: Action<MessageTarget> = {
  id: "reply",
  label: "actions.reply",
  icon: Reply,
  shortcut: "R",
  when: ({ message, conversation }, { composer }) =>
    composer !== null && !message.deleted_at && canWrite(conversation),
  perform: ({ message }, { composer }) => composer?.reply(message),
};
