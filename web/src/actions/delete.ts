import { Trash2 } from "lucide-react";
import { t } from "../i18n/words.ts";
import { decides } from "../sync/state.ts";
import { notify } from "../ui/toasts.tsx";
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
  perform({ message }, { sync }) {
    // What is offered then, to take it back, follows from the copy: `app/use-deletions.ts`.
    if (!sync.delete(message)) notify(t("actions.delete-full"), true);
  },
};
