import { Pencil } from "lucide-react";
import type { Action, MessageTarget } from "./action.ts";
import { canWrite } from "./can-write.ts";

export const edit: Action<MessageTarget> = {
  id: "edit",
  label: "actions.edit",
  icon: Pencil,
  shortcut: "E",
  when: ({ message, conversation }, { me, composer }) =>
    composer !== null && message.author.id === me.id && !message.deleted_at && canWrite(conversation),
  perform: ({ message }, { composer }) => composer?.edit(message),
};
