import { Trash2 } from "lucide-react";
import { api } from "../api/calls.ts";
import { decides } from "../sync/state.ts";
import type { Action, MessageTarget } from "./action.ts";
import { canWrite } from "./can-write.ts";

export const deleteMessage: Action<MessageTarget> = {
  id: "delete",
  label: "Delete",
  icon: Trash2,
  shortcut: "Del",
  danger: true,
  when: ({ message, conversation }, { me }) =>
    !message.deleted_at && canWrite(conversation) && (message.author.id === me.id || decides(conversation)),
  async perform({ message }, { sync, confirm, me }) {
    const whose =
      message.author.id === me.id ? "Your message" : `The message by ${message.author.display_name}`;
    const text = `${whose} is removed for everyone. A note stays in its place.`;
    if (!(await confirm({ title: "Delete this message?", text, action: "Delete", danger: true }))) return;
    sync.take({ type: "message", message: await api.deleteMessage(message.id) });
  },
};
