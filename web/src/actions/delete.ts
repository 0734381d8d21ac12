import { Trash2 } from "lucide-react";
import { api } from "../api/calls.ts";
import { t } from "../i18n/words.ts";
import { decides } from "../sync/state.ts";
import type { Action, MessageTarget } from "./action.ts";
import { canWrite } from "./can-write.ts";

export const deleteMessage: Action<MessageTarget> = {
  id: "delete",
  label: "actions.delete",
  icon: Trash2,
  shortcut: "Del",
  danger: true,
  when: ({ message, conversation }, { me }) =>
    !message.deleted_at && canWrite(conversation) && (message.author.id === me.id || decides(conversation)),
  async perform({ message }, { sync, confirm, me }) {
    const { id, display_name: name } = message.author;
    const question = {
      title: t("actions.delete-title"),
      text: id === me.id ? t("actions.delete-own") : t("actions.delete-other", { name }),
      action: t("actions.delete"),
    };
    if (!(await confirm({ ...question, danger: true }))) return;
    sync.take({ type: "message", message: await api.deleteMessage(message.id) });
  },
};
