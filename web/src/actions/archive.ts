import { Archive } from "lucide-react";
import { api } from "../api/calls.ts";
import { t } from "../i18n/words.ts";
import type { Action, RoomTarget } from "./action.ts";

export const archive: Action<RoomTarget> = {
  id: "archive",
  label: "actions.archive",
  icon: Archive,
  when: ({ conversation: { summary } }) =>
    summary.kind === "room" && summary.role === "owner" && summary.archived_at === null,
  async perform({ conversation }, { sync, confirm }) {
    const question = {
      title: t("actions.archive-title"),
      text: t("actions.archive-text"),
      action: t("actions.archive-short"),
    };
    if (!(await confirm(question))) return;
    const details = await api.updateConversation(conversation.summary.id, { archived: true });
    sync.take({ type: "details", details });
  },
};
